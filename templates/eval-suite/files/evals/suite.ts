/** What `npm run eval` evaluates is data: evals/targets.json and the files of cases. */
export { choice as suite } from '../src/suite/choose.ts'
