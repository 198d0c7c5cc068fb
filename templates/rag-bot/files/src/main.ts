import { readFile } from 'node:fs/promises'
import { answerAbout, heuristicTasks } from './answer.ts'
import { loadEnv } from './llm/env.ts'
import { openLlm } from './llm/model.ts'
import { formatUsage } from './llm/usage.ts'

const [file] = process.argv.slice(2)
if (file === undefined) {
  console.error('Missing file\nTry: npm start -- README.md')
  process.exitCode = 2
} else {
  const text = await readFile(file, 'utf8')
  const announce = (line: string) => console.error(line)
  const llm = await openLlm({ env: loadEnv(process.cwd(), process.env), tasks: heuristicTasks, announce })
  for await (const delta of answerAbout(llm, text)) process.stdout.write(delta)
  process.stdout.write('\n')
  console.error(formatUsage(llm.meter.total()))
}
