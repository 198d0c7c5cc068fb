import { InvalidArgumentError } from 'commander'
import type { Outcome } from '../core/outcome.ts'
import type { Context } from './context.ts'
import type { DeclaredOption, DeclaredVerb } from './declared.ts'

/** Declaring the verbs loads none of their code. */
export interface Verb extends DeclaredVerb {
  load(): Promise<VerbModule>
}

/**
 * What a file in `verbs/` exports: it runs the command and prints the result. Declared as a method, so that
 * each file can narrow the type of `given`.
 */
interface VerbModule {
  run(given: Given, context: Context): Promise<Outcome<unknown>>
}

export interface Given {
  /** In the order of `Verb.arguments`. */
  arguments: readonly unknown[]
  options: object
}

const YES: DeclaredOption = { flags: '-y, --yes', description: 'ask nothing; take the defaults' }
const OFFLINE: DeclaredOption = { flags: '--offline', description: 'make no network requests' }
const NO_INSTALL: DeclaredOption = { flags: '--no-install', description: 'do not install dependencies' }
const NO_GIT: DeclaredOption = { flags: '--no-git', description: 'do not create a git repository' }
const GATES = 'a gate, a step or a milestone, such as own-cases, extractor/own-cases, extractor or m1'

/** In the order of `--help`. */
export const VERBS: readonly Verb[] = [
  {
    name: 'new',
    summary: 'generate a runnable repo, asking for anything you leave out',
    arguments: [
      ['[template]', 'the template to use; ai-eng-starter list shows all of them'],
      ['[directory]', 'the directory to create; its last part becomes the project name'],
    ],
    options: [
      { flags: '--name <package>', description: 'package name, such as notes or @me/notes' },
      { flags: '--description <text>', description: 'one-line description for package.json and the README' },
      {
        flags: '--pm <manager>',
        description: 'package manager: npm, pnpm, yarn or bun; by default the one you ran this command with',
      },
      NO_INSTALL,
      NO_GIT,
      YES,
      { flags: '--dry-run', description: 'list the files without writing them' },
      {
        flags: '--force',
        description:
          'write into a non-empty directory; back up and replace only files that the new project also contains',
      },
      {
        flags: '--build',
        description:
          'begin the first exercise (see build): on a branch, remove the code that you will rebuild',
      },
      { flags: '--verify', description: "run the new repo's own checks before reporting it ready" },
    ],
    takesTemplateOptions: true,
    load: () => import('./verbs/new.ts'),
  },
  {
    name: 'build',
    summary: 'remove one part of the project for you to rebuild until its tests pass',
    arguments: [['[exercise]', 'the exercise to begin or continue; omit it to list all exercises']],
    options: [
      { flags: '--watch', description: 'run the tests again whenever a file changes' },
      {
        flags: '--hint [number]',
        description: 'show hints up to this number; 1 is a nudge',
        parse: parseLevel,
      },
      { flags: '--compare', description: "show your code next to the template's, once the exercise passes" },
      {
        flags: '--give-up',
        description: 'restore the code that was taken out; the exercise counts as given up',
      },
      { flags: '-y, --yes', description: 'commit and merge without asking, once everything passes' },
    ],
    load: () => import('./verbs/build.ts'),
  },
  {
    name: 'list',
    summary: 'list milestones, templates and their options',
    load: () => import('./verbs/list.ts'),
  },
  {
    name: 'status',
    summary: 'show where you are and what is next; the default command inside a project',
    options: [{ flags: '--mine', description: "show which files and lines are yours, not the template's" }],
    load: () => import('./verbs/status.ts'),
  },
  {
    name: 'check',
    summary: 'check the gates of your current step, or the gates you name',
    arguments: [['[gate...]', 'gates to check, such as own-cases or extractor/own-cases']],
    options: [
      { flags: '--all', description: 'check the gates of every step you have begun' },
      { flags: '--changed', description: 're-check only gates that do not pass, or whose files changed' },
      { flags: '--watch', description: 're-check whenever a file changes, without network requests' },
      { flags: '--ci', description: 'write no evidence; on GitHub, add annotations and a job summary' },
      OFFLINE,
      { flags: '-y, --yes', description: 'also run gates that call a model, which may cost money' },
      { flags: '--answer <text>', description: 'your answer to a gate that asks a question' },
    ],
    load: () => import('./verbs/check.ts'),
  },
  {
    name: 'hint',
    summary: 'show what the last check of a gate found, and how to pass it',
    arguments: [['[gate]', 'the gate; by default the first that does not pass']],
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
    summary: 'store a URL or a path that gates need (in ai-eng.json, in the folder that holds your projects)',
    arguments: [
      [
        '<key>',
        'deployUrl (URL of your deployment), deployProject (folder it is deployed from), postPath (path to your blog post) or ossPr (URL of your open-source pull request)',
      ],
      ['<value>', 'the URL, folder or path to store for that key'],
    ],
    load: () => import('./verbs/set.ts'),
  },
  {
    name: 'next',
    summary: 're-check the gates of your current step; once all pass, create the next project',
    arguments: [['[folder]', "folder name of the new project; defaults to the template's name"]],
    options: [
      { flags: '--dry-run', description: 'show what would happen without writing anything' },
      { flags: '--force', description: 'skip the gates of this step that do not pass; needs --reason' },
      {
        flags: '--reason <text>',
        description: 'one-line reason for --force; shown next to the skipped gates',
      },
      OFFLINE,
      { flags: '-y, --yes', description: 'ask nothing, and also run gates that call a model' },
      NO_INSTALL,
      NO_GIT,
    ],
    load: () => import('./verbs/next.ts'),
  },
  {
    name: 'skip',
    summary: 'skip a gate, a step or a milestone; it is shown as skipped, not as passed',
    arguments: [['<name>', GATES]],
    options: [
      { flags: '--reason <text>', description: 'one-line reason for skipping (required)', isRequired: true },
    ],
    load: () => import('./verbs/skip.ts'),
  },
  {
    name: 'unskip',
    summary: 'undo a skip, so that the skipped gates count again',
    arguments: [['<name>', GATES]],
    load: () => import('./verbs/unskip.ts'),
  },
  {
    name: 'start',
    summary: 'start at a later milestone; gates of earlier ones do not count',
    options: [
      {
        flags: '--at <milestone>',
        description: 'milestone to start at: m1, m2 or m3 (required)',
        isRequired: true,
      },
    ],
    load: () => import('./verbs/start.ts'),
  },
  {
    name: 'adopt',
    summary: 'register an existing repo as a project, and record the gates it passes',
    arguments: [
      ['<template>', 'the template that the repo stands in for, such as rag-bot'],
      ['[directory]', 'the repo; by default the current directory'],
    ],
    options: [OFFLINE],
    load: () => import('./verbs/adopt.ts'),
  },
  {
    name: 'reset',
    summary: 'mark gates as not passed; with --files, restore template files you changed',
    arguments: [['[name]', 'a gate, a step or a milestone; by default your current step']],
    options: [
      { flags: '--files', description: 'back up the project, then restore template files you changed' },
      { flags: '-y, --yes', description: 'do not ask for confirmation' },
    ],
    load: () => import('./verbs/reset.ts'),
  },
  {
    name: 'portfolio',
    summary: 'generate your portfolio from evidence: PORTFOLIO.md, index.html, portfolio.json',
    options: [
      { flags: '--check', description: 'write nothing; fail if the portfolio is out of date' },
      { flags: '--verify', description: 'check every link and commit in the portfolio' },
      { flags: '--skipped', description: 'also list the gates you skipped, each with its reason' },
    ],
    load: () => import('./verbs/portfolio.ts'),
  },
  {
    name: 'roadmap',
    summary: 'show the roadmap: what to learn deeply, what carries over from backend work, what to skip',
    arguments: [['[milestone]', 'show one milestone in full, such as m2']],
    load: () => import('./verbs/roadmap.ts'),
  },
  {
    name: 'doctor',
    summary: 'check that this machine has what the roadmap needs',
    load: () => import('./verbs/doctor.ts'),
  },
  {
    name: 'completion',
    summary: 'print a shell completion script for commands, options and gates',
    arguments: [['<shell>', 'bash, zsh or fish; for bash, run: source <(ai-eng-starter completion bash)']],
    load: () => import('./verbs/completion.ts'),
  },
  {
    name: 'complete',
    summary: 'print what can follow the words behind --; the completion script calls it',
    arguments: [['[words...]', 'the words so far, the last of which may be empty']],
    isHidden: true,
    load: () => import('./verbs/complete.ts'),
  },
]

function parseLevel(text: string): number {
  if (/^[1-9]$/.test(text)) return Number(text)
  throw new InvalidArgumentError('The level must be a number, 1 or higher.')
}
