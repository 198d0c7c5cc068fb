import { extname } from 'node:path'
import { runMain } from '#kit/console/process'
import { type ByHand, runByHand } from './command.ts'

// `kit/` knows nothing of `src/`: this loads src/ask, as .ts or .js like this file.
const lesson = new URL(`../../src/ask${extname(import.meta.filename)}`, import.meta.url)
const byHand = (await import(lesson.href)) as ByHand
await runMain((args, io) => runByHand(args, io, byHand))
