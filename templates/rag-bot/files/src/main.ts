import { runMain } from '#kit/console/process'
import { runCommand } from '#kit/terminal/run'
import { createBot, tasks } from './bot.ts'
import { hashToVector } from './hashed-vector.ts'
import { ingest } from './ingest.ts'

// The command line and the server are in kit/terminal and kit/web; what they run is here.
await runMain((args, io) => runCommand({ ingest, createBot, tasks, hashedVector: hashToVector }, args, io))
