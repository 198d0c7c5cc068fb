/** What `npm run eval` evaluates is data: evals/targets.json and the files of cases. */
export { suite } from '../src/suite.ts'
