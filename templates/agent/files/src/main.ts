import { runMain } from '#kit/console/process'
import { run } from './cli.ts'

await runMain(run)
