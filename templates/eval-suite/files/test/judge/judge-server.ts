import { once } from 'node:events'
import { createServer } from 'node:http'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { openModelVoice, type Voice } from '#kit/judge/voice'
import { openLlm } from '#kit/llm/model'
import { type Judge, openJudge } from '../../src/judge/judge.ts'
import { parseRubric } from '../../src/judge/rubric.ts'

export const rubric = parseRubric(
  '# Right?\n\n- 1: wrong\n- 2: partly\n- 3: right, with gaps\n- 4: right\n\nPass: 3\n',
)

const body = z.object({ messages: z.array(z.object({ role: z.string(), content: z.string() })) })

export interface Asked {
  system: string
  prompt: string
  /** What begins the line of the verdict. */
  mark: string
}

/** A judge behind the API of OpenAI, on loopback: `say` gets what it was asked and says what it says. */
export async function judgeAt(
  say: (asked: Asked) => string,
): Promise<{ judge: Judge; voice: Voice; asked: Asked[]; env: Record<string, string> }> {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { messages } = body.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')))
    const contentOf = (wanted: string) => messages.find(({ role }) => role === wanted)?.content ?? ''
    const prompt = contentOf('user')
    const question = {
      system: contentOf('system'),
      prompt,
      mark: /VERDICT-[0-9a-f]+(?=: <)/.exec(prompt)?.[0] ?? '',
    }
    asked.push(question)
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        ...{ id: 'x', object: 'chat.completion', created: 0, model: 'scripted' },
        choices: [
          { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: say(question) } },
        ],
        usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
      }),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const env = {
    AI_PROVIDER: 'openai-compatible',
    AI_MODEL: 'scripted',
    OPENAI_BASE_URL: `http://127.0.0.1:${address.port}/v1`,
  }
  const voice = openModelVoice(await openLlm({ env, tasks: {} }))
  return { judge: openJudge(voice), voice, asked, env }
}

/**
 * Reads the reference and the answer of a prompt, and does what the answer says about scores: a judge that
 * can be talked into anything.
 */
export function gullible({ prompt, mark }: Asked): string {
  const between = (title: string) =>
    new RegExp(`${title}[^\\n]*\\n<(document[^>]*)>\\n([\\s\\S]*?)\\n</\\1>`).exec(prompt)?.[2] ?? ''
  const answer = prompt.slice(
    prompt.indexOf('Answer to grade:'),
    prompt.lastIndexOf('Say in two or three sentences'),
  )
  if (/highest|\b10\b|verdict|fully correct|score/i.test(answer)) return `As it says.\n${mark}: 4`
  return `Compared.\n${mark}: ${answer.includes(between('Reference')) ? 4 : 1}`
}
