import { InvalidArgumentError } from 'commander'
import type { Outcome } from '../core/outcome.ts'
import type { Context } from './context.ts'

/** A command as the user types it. Declaring all of them loads none. */
export interface Verb {
  name: string
  summary: string
  arguments?: readonly (readonly [syntax: string, description: string])[]
  options?: readonly Option[]
  /** Every option of a template is a flag of this verb too. */
  takesTemplateOptions?: true
  load(): Promise<VerbModule>
}

/** Every verb also takes `--json`. */
interface Option {
  flags: string
  description: string
  isRequired?: true
  /** Throws an InvalidArgumentError. */
  parse?(text: string): unknown
  initial?: unknown
}

/** What a file of `verbs/` exports: it runs the command and prints the result. Methods, so that each may say more of what it is given. */
interface VerbModule {
  run(given: Given, context: Context): Promise<Outcome<unknown>>
}

export interface Given {
  /** In the order of `Verb.arguments`. */
  arguments: readonly unknown[]
  options: object
}

const YES: Option = { flags: '-y, --yes', description: 'ask nothing; take the defaults' }
const OFFLINE: Option = { flags: '--offline', description: 'make no network requests' }
const NO_INSTALL: Option = { flags: '--no-install', description: 'do not install dependencies' }
const NO_GIT: Option = { flags: '--no-git', description: 'do not create a git repository' }
const GATES = 'a gate, a step or a milestone, such as own-cases, extractor/own-cases, extractor, m1'

/** In the order in which `--help` lists them. */
export const VERBS: readonly Verb[] = [
  {
    name: 'new',
    summary: 'generate a runnable repo; asks for everything you leave out',
    arguments: [
      ['[template]', 'the template; ai-eng-starter list shows them'],
      ['[directory]', 'the directory to create; its last part becomes the name'],
    ],
    options: [
      { flags: '--name <name>', description: 'name in package.json, such as notes or @me/notes' },
      { flags: '--description <text>', description: 'one line for package.json and the README' },
      NO_INSTALL,
      NO_GIT,
      YES,
      { flags: '--dry-run', description: 'list the files without writing them' },
      {
        flags: '--force',
        description: "write into a non-empty directory; replaces only the project's files and keeps a backup",
      },
      { flags: '--verify', description: "run the new repo's own checks before reporting it ready" },
    ],
    takesTemplateOptions: true,
    load: () => import('./verbs/new.ts'),
  },
  {
    name: 'list',
    summary: 'list milestones, templates and their options',
    load: () => import('./verbs/list.ts'),
  },
  {
    name: 'status',
    summary: 'show where you are and what is next; the default inside a project',
    load: () => import('./verbs/status.ts'),
  },
  {
    name: 'check',
    summary: 'check the gates of your current step, or the gates you name',
    arguments: [['[gate...]', 'such as own-cases, or extractor/own-cases']],
    options: [
      { flags: '--all', description: 'check the gates of every step you have begun' },
      { flags: '--changed', description: 're-check only unmet gates and gates whose files changed' },
      { flags: '--watch', description: 're-check whenever a file changes; makes no network requests' },
      { flags: '--ci', description: 'write no evidence; on GitHub, add annotations and a job summary' },
      OFFLINE,
      { flags: '-y, --yes', description: 'also run gates that call a model, which may cost money' },
      { flags: '--answer <text>', description: 'your answer to a gate that asks a question' },
    ],
    load: () => import('./verbs/check.ts'),
  },
  {
    name: 'hint',
    summary: 'show what the last check of a gate found, and a hint',
    arguments: [['[gate]', 'the gate; the first unmet one if left out']],
    options: [
      {
        flags: '--level <number>',
        description: 'how much to reveal, from a nudge (1) to a worked example (4)',
        parse: parseLevel,
        initial: 1,
      },
    ],
    load: () => import('./verbs/hint.ts'),
  },
  {
    name: 'set',
    summary: 'store an address or a path that gates need, in ai-eng.json of the roadmap folder',
    arguments: [
      ['<key>', 'such as deployUrl, postPath, ossPr'],
      ['<value>', 'the address or path'],
    ],
    load: () => import('./verbs/set.ts'),
  },
  {
    name: 'next',
    summary: 'do the next thing: re-check unmet gates, or create the next project',
    arguments: [['[name]', 'folder of the new project, next to the others']],
    options: [
      { flags: '--dry-run', description: 'show what would happen without writing anything' },
      { flags: '--force', description: 'skip the unmet gates of this step; needs --reason' },
      { flags: '--reason <text>', description: 'one line why; shown wherever the gates are shown' },
      OFFLINE,
      { flags: '-y, --yes', description: 'ask nothing, and also run gates that call a model' },
      NO_INSTALL,
      NO_GIT,
    ],
    load: () => import('./verbs/next.ts'),
  },
  {
    name: 'skip',
    summary: 'leave a gate, a step or a milestone out; it is shown as skipped',
    arguments: [['<name>', GATES]],
    options: [{ flags: '--reason <text>', description: 'one line why', isRequired: true }],
    load: () => import('./verbs/skip.ts'),
  },
  {
    name: 'unskip',
    summary: 'count skipped gates again',
    arguments: [['<name>', GATES]],
    load: () => import('./verbs/unskip.ts'),
  },
  {
    name: 'start',
    summary: 'start the road at a milestone; earlier ones do not count',
    options: [{ flags: '--at <milestone>', description: 'm1, m2 or m3', isRequired: true }],
    load: () => import('./verbs/start.ts'),
  },
  {
    name: 'adopt',
    summary: 'count a repo you already have as a project, and accept the gates it passes',
    arguments: [
      ['<template>', 'the template it stands for, such as rag-bot'],
      ['[directory]', 'the repo; the current directory if left out'],
    ],
    options: [OFFLINE],
    load: () => import('./verbs/adopt.ts'),
  },
  {
    name: 'reset',
    summary: 'forget that gates passed; with --files, restore unmodified template files',
    arguments: [['[name]', 'a gate, a step or a milestone; your current step if left out']],
    options: [
      { flags: '--files', description: 'restore template files to how they were generated, after a backup' },
      { flags: '-y, --yes', description: 'do not ask for confirmation' },
    ],
    load: () => import('./verbs/reset.ts'),
  },
  {
    name: 'portfolio',
    summary: 'write PORTFOLIO.md, a page and portfolio.json into portfolio/, from evidence',
    options: [
      { flags: '--check', description: 'write nothing; fail if the portfolio is out of date' },
      { flags: '--verify', description: 'check every link and commit the portfolio names' },
    ],
    load: () => import('./verbs/portfolio.ts'),
  },
  {
    name: 'roadmap',
    summary: 'show the whole road: what to learn deeply, what carries over, what to skip',
    arguments: [['[milestone]', 'one milestone in full, such as m2']],
    load: () => import('./verbs/roadmap.ts'),
  },
  {
    name: 'doctor',
    summary: 'check that this machine has what the road needs',
    load: () => import('./verbs/doctor.ts'),
  },
]

function parseLevel(text: string): number {
  if (/^[1-9]$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a number from 1 on.')
}
