import process from 'node:process'
import { isMainThread } from 'node:worker_threads'
import { runMain } from '#kit/console/process'
import { scoreBeir } from './beir.ts'

// `npm run eval:retrieval`: the suite `retrieval` of the evals, or with `--beir DIR` a folder in BEIR's file
// format. The evals run in a thread that starts here again.
const isBeir = isMainThread && process.argv.includes('--beir')
if (isBeir) await runMain(scoreBeir)
else await import('#kit/evals/main')
