import { run } from './cli.ts'
import { runMain } from './console/process.ts'

await runMain(run)
