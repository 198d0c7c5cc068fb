import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { answer } from '#kit/llm/answer'
import { type Llm, openLlm } from '#kit/llm/model'
import type { Surroundings } from '../evals/commands.ts'
import { contains } from '../evals/graders.ts'
import { evalCase, type Suite } from '../evals/suite.ts'

export const capitalCase = evalCase.extend({ country: z.string(), capital: z.string() })
export type CapitalCase = z.infer<typeof capitalCase>

export const FRANCE = { id: 'france', country: 'France', capital: 'Paris' }
export const ITALY = { id: 'italy', country: 'Italy', capital: 'Rome' }
export const SPAIN = { id: 'spain', country: 'Spain', capital: 'Madrid' }

const CAPITALS: Record<string, string> = { France: 'Paris', Italy: 'Rome', Spain: 'Madrid' }

/** Creates a suite whose heuristic task knows three capitals. */
export function createTinySuite(changes: Partial<Suite<CapitalCase>> = {}): Suite<CapitalCase> {
  return {
    name: 'capitals',
    schema: capitalCase,
    cases: 'evals/cases.jsonl',
    prompts: ['src/prompts.ts'],
    graders: { capital: contains<CapitalCase>({ texts: ({ capital }) => [capital] }) },
    open: openHeuristic,
    answer: ({ country }, llm, signal) =>
      answer(llm, { system: '', prompt: country, heuristic: { task: 'capital', input: country }, signal }),
    echo: ({ country }) => country,
    ...changes,
  }
}

/** Opens a stand-in for a real model: it is marked as not deterministic, so that the gate expects chance. */
export async function openScripted(): Promise<Llm> {
  return {
    ...(await openHeuristic()),
    provider: 'openai-compatible',
    modelId: 'scripted',
    deterministic: false,
  }
}

function openHeuristic(): Promise<Llm> {
  const capital = (country: unknown) => `It is ${CAPITALS[String(country)] ?? 'unknown to me'}.`
  return openLlm({ env: { AI_PROVIDER: 'heuristic' }, tasks: { capital } })
}

/** Creates a repo root in the temp directory, which is removed when the test ends. */
export async function makeRoot(cases: readonly object[]): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'evals-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  await mkdir(join(root, 'evals'))
  await mkdir(join(root, 'src'))
  await writeFile(join(root, 'package.json'), '{}')
  await writeFile(join(root, 'src/prompts.ts'), 'export const prompt = 1\n')
  await writeCases(root, cases)
  return root
}

export function writeCases(root: string, cases: readonly object[]): Promise<void> {
  return writeFile(join(root, 'evals/cases.jsonl'), cases.map((line) => `${JSON.stringify(line)}\n`).join(''))
}

export interface Captured extends Surroundings {
  printed: { stdout: string; stderr: string }
}

export function createSurroundings(root: string, changes: Partial<Surroundings> = {}): Captured {
  const printed = { stdout: '', stderr: '' }
  const into = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      printed[name] += text
    },
  })
  return {
    ...{ root, env: {}, stdout: into('stdout'), stderr: into('stderr'), printed },
    ...{ signal: new AbortController().signal, clock: () => new Date('2026-01-02T03:04:05Z') },
    ...changes,
  }
}
