import {
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  type InputRequest,
  inputRequired,
  inputResponse,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server'
import * as z from 'zod'

/** What a tool has asked so far, signed: a client carries it and can't change it. */
export const STATE = createRequestStateCodec<{ step: number }>({ key: 'of the conformance fixtures alone' })

const FIXTURE = { description: 'A fixture of the conformance suite: it asks back' }
const ASK_NAME = requestElicitation('What is your name?', { name: { type: 'string' } }, ['name'])
const ASK_ROOTS: InputRequest = { method: 'roots/list', params: {} }

function requestElicitation(
  message: string,
  properties: Record<string, { type: 'string' } | { type: 'boolean' }>,
  required: string[],
): InputRequest {
  return {
    method: 'elicitation/create',
    params: { mode: 'form', message, requestedSchema: { type: 'object', properties, required } },
  }
}

function sample(text: string, maxTokens: number): InputRequest {
  return {
    method: 'sampling/createMessage',
    params: { messages: [{ role: 'user', content: { type: 'text', text } }], maxTokens },
  }
}

const answerText = (text: string) => ({ content: [{ type: 'text' as const, text }] })

/** Whether the client has answered every request, each in its kind. */
function isAnswered({ mcpReq }: ServerContext, requests: Record<string, InputRequest>): boolean {
  return Object.keys(requests).every((key) => inputResponse(mcpReq.inputResponses, key).kind !== 'missing')
}

/** Registers tools that ask the client a question before they answer. */
export function registerAskingTools(server: McpServer): void {
  requestInputOnce(server, 'test_input_required_result_elicitation', { user_name: ASK_NAME })
  requestInputOnce(server, 'test_input_required_result_sampling', {
    capital_question: sample('What is the capital of France?', 100),
  })
  requestInputOnce(server, 'test_input_required_result_list_roots', { client_roots: ASK_ROOTS })
  const confirm = { confirm: requestElicitation('Please confirm', { ok: { type: 'boolean' } }, ['ok']) }
  askWithState(server, 'test_input_required_result_request_state', confirm)
  askWithState(server, 'test_input_required_result_tampered_state', confirm)
  askWithState(server, 'test_input_required_result_multiple_inputs', {
    user_name: ASK_NAME,
    greeting: sample('Generate a greeting', 50),
    client_roots: ASK_ROOTS,
  })
  server.registerTool('test_input_required_result_multi_round', FIXTURE, async (context) => {
    const step = context.mcpReq.requestState<{ step: number }>()?.step ?? 0
    const asked = [
      { step1: requestElicitation('Step 1: What is your name?', { name: { type: 'string' } }, ['name']) },
      {
        step2: requestElicitation('Step 2: What is your favorite color?', { color: { type: 'string' } }, [
          'color',
        ]),
      },
    ]
    const answered = asked[step - 1]
    const next = step > 0 && answered && !isAnswered(context, answered) ? step - 1 : step
    const inputRequests = asked[next]
    if (inputRequests === undefined) return answerText('Both steps are answered')
    return inputRequired({ inputRequests, requestState: await STATE.mint({ step: next + 1 }) })
  })
  registerCapabilityTools(server)
}

function requestInputOnce(
  server: McpServer,
  name: string,
  inputRequests: Record<string, InputRequest>,
): void {
  server.registerTool(name, FIXTURE, (context) => {
    if (!isAnswered(context, inputRequests)) return inputRequired({ inputRequests })
    const answers = Object.keys(inputRequests).map((key) => inputResponse(context.mcpReq.inputResponses, key))
    return answerText(`Answered: ${JSON.stringify(answers)}`)
  })
}

function askWithState(server: McpServer, name: string, inputRequests: Record<string, InputRequest>): void {
  server.registerTool(name, FIXTURE, async (context) => {
    const state = context.mcpReq.requestState<{ step: number }>()
    if (state !== undefined && isAnswered(context, inputRequests))
      return answerText(`state-ok, step ${state.step}`)
    return inputRequired({ inputRequests, requestState: await STATE.mint({ step: 1 }) })
  })
}

const envelope = z.looseObject({
  [CLIENT_CAPABILITIES_META_KEY]: z
    .looseObject({ elicitation: z.unknown().optional(), sampling: z.unknown().optional() })
    .default({ elicitation: undefined, sampling: undefined }),
})

/** Registers tools that ask only for what the client supports. */
function registerCapabilityTools(server: McpServer): void {
  const capabilities = ({ mcpReq }: ServerContext) =>
    envelope.parse(mcpReq.envelope ?? {})[CLIENT_CAPABILITIES_META_KEY]
  server.registerTool('test_input_required_result_capabilities', FIXTURE, (context) => {
    const { elicitation, sampling } = capabilities(context)
    const inputRequests = {
      ...(elicitation !== undefined && { user_name: ASK_NAME }),
      ...(sampling !== undefined && { capital_question: sample('What is the capital of France?', 100) }),
    }
    return isAnswered(context, inputRequests) ? answerText('answered') : inputRequired({ inputRequests })
  })
  // The SDK refuses to ask for a capability that the client has not declared.
  requestInputOnce(server, 'test_missing_capability', {
    capital_question: sample('What is the capital of France?', 100),
  })
  server.registerTool('test_streaming_elicitation', FIXTURE, async (context) => {
    if (isAnswered(context, { user_name: ASK_NAME })) return answerText('answered')
    return inputRequired({ inputRequests: { user_name: ASK_NAME } })
  })
  server.registerPrompt('test_input_required_result_prompt', FIXTURE, (context) => {
    const ask = {
      user_context: requestElicitation(
        'What context should the prompt use?',
        { context: { type: 'string' } },
        ['context'],
      ),
    }
    if (!isAnswered(context, ask)) return inputRequired({ inputRequests: ask })
    return {
      messages: [{ role: 'user', content: { type: 'text', text: 'Use the context that was given.' } }],
    }
  })
}
