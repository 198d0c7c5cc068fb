import { runMain } from '#kit/console/process'
import { run } from './command.ts'

await runMain(run)
