import { onTestFinished } from 'vitest'
import { startTracing } from '../otel/start.ts'
import { type Collector, type ReceivedSpan, startCollector } from './collector.ts'

/** Runs `work` with tracing on, and returns the spans that arrived. */
export async function collectSpans(
  work: () => Promise<unknown>,
  env: Record<string, string> = {},
): Promise<{ spans: ReceivedSpan[]; collector: Collector; told: string[] }> {
  const collector = await startCollector()
  const told: string[] = []
  forgetSettings()
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...env }
  const tracing = await startTracing({ env: endpoint, serviceName: 'test', tell: (line) => told.push(line) })
  await work()
  await tracing.close()
  return { spans: collector.spans(), collector, told }
}

/** `startTracing` copies settings into the process environment: removes them. */
function forgetSettings(): void {
  const forget = () => {
    for (const name of Object.keys(process.env)) if (name.startsWith('OTEL_')) delete process.env[name]
  }
  forget()
  onTestFinished(forget)
}

export function getOnlySpan(spans: readonly ReceivedSpan[]): ReceivedSpan {
  const [span, ...others] = spans
  if (span === undefined || others.length > 0) throw new Error(`${spans.length} spans`)
  return span
}
