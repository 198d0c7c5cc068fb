import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Test files share no state, so isolating each of them would only cost time.
    isolate: false,
    // `ai-eng-starter build` shows the message of an error and no diff, so the message has whole values.
    chaiConfig: { truncateThreshold: 600 },
    // Long enough for a busy machine; a test that hangs still fails.
    testTimeout: 20_000,
    // A key or database URL in your shell must never make a unit test call a paid API or
    // write to a real database.
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
