import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

/** Histogram buckets in seconds, from a keyword search to an answer that takes a minute. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

export interface Metrics {
  registry: Registry
  requests: Histogram<'method' | 'route' | 'status'>
  /** Seconds from a question to the first words of its answer. */
  firstToken: Histogram<string>
  tokens: Counter<'direction'>
}

/**
 * Prometheus metrics of the process, its requests and its answers. Each server has a separate registry, so
 * two servers in one process do not clash.
 */
export function openMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    requests: new Histogram({
      ...{ name: 'http_server_request_duration_seconds', help: 'Requests, from the first byte to the last.' },
      ...{ labelNames: ['method', 'route', 'status'] as const, buckets: SECONDS, registers },
    }),
    firstToken: new Histogram({
      ...{
        name: 'answer_time_to_first_token_seconds',
        help: 'From a question to the first words of its answer.',
      },
      ...{ buckets: SECONDS, registers },
    }),
    tokens: new Counter({
      ...{ name: 'answer_tokens_total', help: 'Tokens of the language model, in and out.' },
      ...{ labelNames: ['direction'] as const, registers },
    }),
  }
}
