import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests share no state, so a process per file would only cost time.
    isolate: false,
    // For a busy machine: what hangs is found all the same.
    testTimeout: 20_000,
    // A key in your shell must never turn a unit test into a paid call, nor a database there into a scratch pad.
    env: {
      AI_PROVIDER: 'heuristic',
      ANTHROPIC_API_KEY: '',
      OPENAI_API_KEY: '',
      OPENAI_BASE_URL: '',
      AI_MODEL: '',
      AI_EMBEDDING_MODEL: '',
      DATABASE_URL: '',
      CHROMA_URL: '',
      PINECONE_API_KEY: '',
    },
  },
})
