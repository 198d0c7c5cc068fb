import {
  type CallToolResult,
  type McpServer,
  requireScopes,
  type ToolAnnotations,
} from '@modelcontextprotocol/server'
import { type Context, propagation, trace, context as tracing } from '@opentelemetry/api'
import type * as z from 'zod'
import { ATTR } from '#kit/otel/names'
import { inSpan } from '#kit/otel/spans'
import type { LookOptions, Notes } from '../notes/notes.ts'
import type { Scope } from '../scopes.ts'
import { failed, lookFor } from './result.ts'

/** What a call works with. */
export interface Work {
  notes: Notes
  look: LookOptions
}

interface ToolDefinition<Input extends z.ZodObject, Output extends z.ZodObject> {
  name: string
  title: string
  /** A prompt: it is all that a model has to choose by. `npm run eval` measures it. */
  description: string
  /** What a token has to allow, where tokens are asked for. */
  scope: Scope
  annotations: ToolAnnotations
  inputSchema: Input
  outputSchema: Output
  call(input: z.infer<Input>, work: Work): Promise<CallToolResult>
}

export interface ToolOptions {
  notes: Notes
  /** Gets failures that nobody foresaw. */
  report: (error: unknown) => void
}

export interface Tool {
  name: string
  scope: Scope
  register(server: McpServer, options: ToolOptions): void
}

/** A tool as data, with the one way in which all of them are called: traced, stopped when their caller leaves, and never failing with a stack. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: ToolDefinition<Input, Output>,
): Tool {
  const { name, scope, call, ...config } = definition
  return {
    ...{ name, scope },
    register(server, { notes, report }) {
      const described = { ...config, scopeChallenge: requireScopes(scope) }
      server.registerTool<Output, z.ZodObject>(name, described, async (input, context) => {
        const { signal, _meta } = context.mcpReq
        const attributes = { [ATTR.operation]: 'execute_tool', [ATTR.tool]: name }
        const start = { name: `execute_tool ${name}`, attributes, signal, parent: callerOf(_meta) }
        try {
          // The SDK has checked the input against this very schema; this gives it its type, and the defaults.
          const parsed = config.inputSchema.parse(input)
          return await inSpan(start, () => call(parsed, { notes, look: lookFor(context) }))
        } catch (error) {
          signal.throwIfAborted()
          return failed(error, report)
        }
      })
    },
  }
}

/** The request's own span; without one, as over stdio, the span that the client names in `_meta.traceparent`. */
function callerOf(meta: object | undefined): Context {
  const active = tracing.active()
  return trace.getSpan(active) ? active : propagation.extract(active, meta ?? {})
}
