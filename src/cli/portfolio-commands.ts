import type { Command } from 'commander'
import { type Declaring, JSON_FLAG, roadWorld } from './road-commands.ts'

/** Declares the commands that look at the whole: what there is to show, the road, and the machine. */
export function addPortfolioCommands(program: Command, declaring: Declaring): void {
  addPortfolio(program, declaring)
  addRoadmap(program, declaring)
  addDoctor(program, declaring)
}

function addPortfolio(program: Command, declaring: Declaring): void {
  const { invocation } = declaring
  program
    .command('portfolio')
    .description('make PORTFOLIO.md, a page and portfolio.json from evidence, in portfolio/')
    .option('--check', 'write nothing, and fail when what is there is out of date', false)
    .option('--verify', 'look up every link and commit that it names', false)
    .option(...JSON_FLAG)
    .action((flags: { check: boolean; verify: boolean }) => {
      invocation.command = 'portfolio'
      invocation.run = async (signal) => {
        const { runPortfolio } = await import('./run-portfolio.ts')
        return runPortfolio(flags, await roadWorld(declaring), { json: invocation.json, signal })
      }
    })
}

function addRoadmap(program: Command, declaring: Declaring): void {
  const { invocation } = declaring
  program
    .command('roadmap')
    .description('the whole road: what to learn deeply, what you know already, what to skip')
    .argument('[milestone]', 'one of them in full, such as m2')
    .option(...JSON_FLAG)
    .action((milestone: string | undefined) => {
      invocation.command = 'roadmap'
      invocation.run = async () => {
        const { runRoadmap } = await import('./run-roadmap.ts')
        return runRoadmap(milestone, await roadWorld(declaring), { json: invocation.json })
      }
    })
}

function addDoctor(program: Command, declaring: Declaring): void {
  const { invocation } = declaring
  program
    .command('doctor')
    .description('what this machine has of what the road needs, and what to do about the rest')
    .option(...JSON_FLAG)
    .action(() => {
      invocation.command = 'doctor'
      invocation.run = async (signal) => {
        const { runDoctor } = await import('./run-doctor.ts')
        return runDoctor({ directory: process.cwd(), env: process.env, signal }, { json: invocation.json })
      }
    })
}
