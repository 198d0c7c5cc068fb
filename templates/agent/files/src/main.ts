import { runMain } from '#kit/console/process'
import { runCommand } from './cli.ts'

await runMain(runCommand)
