import { completion, delta, ending, event, failure, type Play, reply, stream } from './fault-server.ts'

/** Servers that this repo is asked about. One that no quirk names is "not known": there is no report of it here. */
export const SERVERS = [
  ...['Ollama', 'llama.cpp', 'vLLM', 'LM Studio', 'TGI', 'SGLang', 'Groq', 'Together', 'Mistral'],
  ...['OpenRouter', 'DeepSeek', 'Gemini', 'Azure', 'Bedrock'],
] as const
type Server = (typeof SERVERS)[number]

export interface Quirk {
  name: string
  /** What passes: the text, a call of `list_files`, structured output, or an error in the server's words. */
  about: 'text' | 'tools' | 'structured' | 'error'
  /** owner/repository#number on GitHub. */
  source: string
  /** Of the report. */
  date: string
  /** Those that the report is about. */
  servers: readonly Server[]
  /** What the server plays, in order. Written for this test: only the habit is the report's. */
  plays: readonly Play[]
  /** How it is asked: streamed, whole, or both by the same plays. */
  ask: 'stream' | 'whole'
  /** For `about: 'error'`: words of the server that have to be shown. */
  words?: RegExp
}

export const TEXT = 'The pool ran out at 14:05.'
const USAGE = { prompt_tokens: 9, completion_tokens: 6, total_tokens: 15 }
const DONE = 'data: [DONE]\n\n'
const chunk = (change: object, finish: unknown = null) =>
  event({ choices: [{ index: 0, delta: change, finish_reason: finish }] })
const whole = (message: object, finish: unknown = 'stop', rest: object = {}): Play =>
  reply(200, JSON.stringify({ choices: [{ index: 0, message, finish_reason: finish }], ...rest }))
const call = (called: object, rest: object = {}) => ({
  tool_calls: [{ id: 'a1b2c3d4e', type: 'function', function: { name: 'list_files', ...called }, ...rest }],
})
const refusing =
  (field: string, words: string, status = 400): Play =>
  async (response, received) => {
    const refused = received.body.includes(`"${field}"`)
    const isStream = received.body.includes('"stream":true')
    const play = refused
      ? failure(status, words)
      : isStream
        ? stream([delta(TEXT), ending('stop')])
        : completion(TEXT)
    await play(response, received)
  }
const refusal = (status: number, body: unknown): Play[] => [
  reply(status, typeof body === 'string' ? body : JSON.stringify(body)),
]

const text = { about: 'text', ask: 'stream' } as const
const tools = { about: 'tools', ask: 'whole' } as const
const error = { about: 'error', ask: 'whole' } as const

export const QUIRKS: readonly Quirk[] = [
  {
    ...{ name: 'finish_reason "eos"', source: 'openai/openai-dotnet#267', date: '2024-10-24', ...text },
    ...{ servers: ['Together'], plays: [stream([chunk({ content: TEXT }), chunk({}, 'eos'), DONE])] },
  },
  {
    ...{ name: 'finish_reason "eos_token"', source: 'huggingface/text-generation-inference#2344', ...text },
    ...{ date: '2024-07-31', servers: ['TGI'] },
    plays: [stream([chunk({ content: TEXT }), chunk({}, 'eos_token'), DONE])],
  },
  {
    ...{ name: 'finish_reason "end"', source: 'earendil-works/pi#2142', date: '2026-03-14', ...text },
    ...{
      servers: ['Ollama', 'LM Studio'],
      plays: [stream([chunk({ content: TEXT }), chunk({}, 'end'), DONE])],
    },
  },
  {
    ...{ name: 'finish_reason "end_turn"', source: 'aws-samples/bedrock-access-gateway#11', ...text },
    ...{ date: '2024-05-04', servers: ['Bedrock'] },
    plays: [stream([chunk({ content: TEXT }), chunk({}, 'end_turn'), DONE])],
  },
  {
    ...{ name: 'finish_reason "" in every event', source: 'ollama/ollama#4357', date: '2024-05-11', ...text },
    servers: ['Ollama'],
    plays: [stream([chunk({ content: TEXT }, ''), chunk({}, 'stop'), chunk({}, ''), DONE])],
  },
  {
    ...{ name: 'usage event without choices', source: 'awslabs/llmeter#34', date: '2026-03-24', ...text },
    servers: ['Bedrock'],
    plays: [stream([chunk({ content: TEXT }), chunk({}, 'stop'), event({ usage: USAGE }), DONE])],
  },
  {
    ...{ name: 'choices that are null', source: 'cline/cline#8518', date: '2026-01-10', ...text },
    servers: ['DeepSeek', 'Groq'],
    plays: [
      stream([chunk({ content: TEXT }), chunk({}, 'stop'), event({ choices: null, usage: USAGE }), DONE]),
    ],
  },
  {
    ...{ name: 'first event without choices', source: 'AbanteAI/archive-old-cli-mentat#430', ...text },
    ...{ date: '2023-12-28', servers: ['Azure'] },
    plays: [stream([event({ choices: [], prompt_filter_results: [] }), delta(TEXT), ending('stop')])],
  },
  {
    ...{ name: 'comments between events', source: 'mistralai/mistral-vibe#794', date: '2026-06-14', ...text },
    ...{ servers: ['llama.cpp'], plays: [stream([': ping\n\n', delta(TEXT), ':\r\r', ending('stop')])] },
  },
  {
    ...{ name: 'no empty line at the end', source: 'darshi1337/apogee#139', date: '2026-08-27', ...text },
    ...{ servers: ['llama.cpp'], plays: [stream([delta(TEXT), ending('stop').trimEnd()])] },
  },
  {
    ...{
      name: 'stream_options refused',
      source: 'avante-corp/avante.nvim#2347',
      date: '2025-06-27',
      ...text,
    },
    servers: ['Mistral'],
    plays: [
      refusing(
        'stream_options',
        '{"detail":[{"loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}',
        422,
      ),
    ],
  },
  {
    ...{ name: 'stream_options unknown', source: 'langgenius/dify#4593', date: '2024-05-22', ...text },
    ...{ servers: ['Azure'], plays: [refusing('stream_options', "Unknown parameter: 'stream_options'.")] },
  },
  {
    ...{ name: 'max_tokens refused', source: 'lobehub/lobehub#5909', date: '2025-02-08', ...text },
    servers: ['Azure'],
    plays: [
      refusing('max_tokens', "'max_tokens' is not supported with this model. Use 'max_completion_tokens'."),
    ],
  },
  {
    ...{ name: '<think> in the text', source: 'vllm-project/vllm#34625', date: '2026-02-16', ...text },
    servers: ['vLLM'],
    plays: [stream([delta('<th'), delta('ink>At 14:20? No.</thi'), delta(`nk>\n\n${TEXT}`), ending('stop')])],
  },
  {
    ...{
      name: '</think> without <think>',
      source: 'lmstudio-ai/lmstudio-bug-tracker#1495',
      ask: 'whole',
      about: 'text',
    },
    ...{
      date: '2026-02-08',
      servers: ['LM Studio'],
      plays: [completion(`At 14:20? No.\n</think>\n\n${TEXT}`)],
    },
  },
  {
    ...{ name: '</think> within a line', source: 'vllm-project/vllm#31045', ask: 'whole', about: 'text' },
    ...{
      date: '2025-12-19',
      servers: ['vLLM'],
      plays: [completion(`Is it 14:20? No, earlier.</think>${TEXT}`)],
    },
  },
  {
    ...{
      name: 'arguments that are an object',
      source: 'huggingface/text-generation-inference#2136',
      ...tools,
    },
    ...{
      date: '2024-06-27',
      servers: ['TGI'],
      plays: [whole(call({ arguments: { path: '.' } }), 'tool_calls')],
    },
  },
  {
    ...{
      name: 'arguments that are an object',
      source: 'ggml-org/llama.cpp#20198',
      date: '2026-03-08',
      ...tools,
    },
    ...{ servers: ['llama.cpp'], plays: [whole(call({ arguments: {} }), 'tool_calls')] },
  },
  {
    ...{ name: 'arguments that are absent', source: 'OpenRouterTeam/ai-sdk-provider#287', ...tools },
    ...{ date: '2025-12-08', servers: ['OpenRouter', 'Bedrock'], plays: [whole(call({}), 'tool_calls')] },
  },
  {
    ...{ name: 'a call with an empty id', source: 'ggml-org/llama.cpp#11992', date: '2025-02-21', ...tools },
    ...{ servers: ['llama.cpp'], plays: [whole(call({ arguments: '{}' }, { id: '' }), 'tool_calls')] },
  },
  {
    ...{ name: 'a call with an empty id', source: 'lmstudio-ai/lmstudio-bug-tracker#830', ...tools },
    ...{
      date: '2025-08-02',
      servers: ['LM Studio'],
      plays: [whole(call({ arguments: '{}' }, { id: '' }), 'stop')],
    },
  },
  {
    ...{ name: 'reasoning_content refused', source: 'janhq/jan#8136', date: '2026-05-13', ...tools },
    servers: ['Groq'],
    plays: [
      whole({ reasoning_content: 'I look.', ...call({ arguments: '{}' }) }, 'tool_calls'),
      refusing('reasoning_content', "'messages.1' : property 'reasoning_content' is unsupported"),
    ],
  },
  {
    ...{ name: 'response_format of one type', source: 'lmstudio-ai/lmstudio-bug-tracker#307', ask: 'whole' },
    ...{ about: 'structured', date: '2025-01-15', servers: ['LM Studio'] },
    plays: [
      async (response, received) => {
        const refused = received.body.includes('response_format')
        const play = refused
          ? reply(400, '{"error":"\'response_format.type\' must be \'text\'"}')
          : completion('{"city":"Lima"}')
        await play(response, received)
      },
    ],
  },
  {
    ...{ name: 'an error: field in a stream', source: 'ggml-org/llama.cpp#16109', date: '2025-09-19' },
    ...{ about: 'error', ask: 'stream', servers: ['llama.cpp'], words: /larger than the window/ },
    plays: [stream(['error: {"code":400,"message":"the prompt is larger than the window"}\n\n', DONE])],
  },
  {
    ...{ name: 'error that is a text', source: 'LoadShine/tada#16', date: '2026-01-07', ...error },
    ...{ servers: ['LM Studio'], words: /8 GB are free/ },
    plays: refusal(400, { error: 'the model needs 12 GB, 8 GB are free' }),
  },
  {
    ...{
      name: 'detail in the message',
      source: 'avante-corp/avante.nvim#2347',
      date: '2025-06-27',
      ...error,
    },
    ...{ servers: ['Mistral'], words: /body\.messages: Input should be a list/ },
    plays: refusal(422, {
      object: 'error',
      message: { detail: [{ loc: ['body', 'messages'], msg: 'Input should be a list' }] },
    }),
  },
  {
    ...{ name: 'an error in a list', source: '0xsline/OpenChatCut#6', date: '2026-07-23', ...error },
    ...{ servers: ['Gemini'], words: /the call has no signature/ },
    plays: refusal(400, [
      { error: { code: 400, message: 'the call has no signature', status: 'INVALID_ARGUMENT' } },
    ]),
  },
  {
    ...{ name: 'JSON in the message', source: 'BerriAI/litellm#11696', date: '2025-06-13', ...error },
    ...{ servers: ['Azure'], words: /body\.n: Extra inputs/ },
    plays: refusal(400, {
      error: {
        message: '{"detail":[{"loc":["body","n"],"msg":"Extra inputs are not permitted"}]}',
        status: 422,
      },
    }),
  },
]

/** What each server wants to see again, and how it arrives. */
export const RETURNED = [
  {
    ...{
      name: 'signature of a call',
      source: 'securo-finance/securo#884',
      date: '2026-09-10',
      server: 'Gemini',
    },
    reply: call({ arguments: '{}' }, { extra_content: { google: { thought_signature: 'SIGNED' } } }),
    wanted: { tool_calls: [{ extra_content: { google: { thought_signature: 'SIGNED' } } }] },
  },
  {
    ...{
      name: 'reasoning_details',
      source: 'RooCodeInc/Roo-Code#9506',
      date: '2025-11-22',
      server: 'OpenRouter',
    },
    reply: {
      reasoning_details: [{ type: 'reasoning.encrypted', data: 'xyz' }],
      ...call({ arguments: '{}' }),
    },
    wanted: { reasoning_details: [{ type: 'reasoning.encrypted', data: 'xyz' }] },
  },
  {
    ...{
      name: 'reasoning_content',
      source: 'earendil-works/pi#3635',
      date: '2026-04-24',
      server: 'DeepSeek',
    },
    reply: { reasoning_content: 'I look first.', ...call({ arguments: '{}' }) },
    wanted: { reasoning_content: 'I look first.' },
  },
] as const
