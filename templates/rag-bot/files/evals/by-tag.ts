import { inParallel } from '../src/evals/run.ts'
import { markdownTable } from '../src/evals/print.ts'
import type { ComparisonOptions } from '../src/evals/suite.ts'
