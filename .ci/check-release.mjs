// Run by release.yml before anything is packed: checks that a tag may publish. Prints one line for each reason against it and exits 1.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const { GITHUB_REF_NAME: tag = '', GITHUB_REPOSITORY: repository = '' } = process.env
const packages = ['package.json', 'create/package.json'].map((path) => ({
  path,
  ...JSON.parse(readFileSync(path, 'utf8')),
}))
const [main, create] = packages
const version = main.version

/** Whether git knows the commit that is checked out as part of main. */
function isOnMain() {
  try {
    execFileSync('git', ['merge-base', '--is-ancestor', 'HEAD', 'origin/main'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const repositoryIn = (url = '') =>
  /github\.com[/:]([^/]+\/[^/]+?)(?:\.git)?$/.exec(url)?.[1] ?? 'nothing on GitHub'

const reasons = [
  tag !== `v${version}` && `The tag is ${tag || 'not set'}, package.json says ${version}: tag v${version}`,
  create.version !== version &&
    `create/package.json says ${create.version}, package.json ${version}: set the same version`,
  create.dependencies[main.name] !== version &&
    `create/package.json depends on ${main.name} ${create.dependencies[main.name]}: set ${version}`,
  ...packages.map(
    ({ path, repository: named }) =>
      repositoryIn(named?.url) !== repository &&
      `repository in ${path} names ${repositoryIn(named?.url)}, this workflow runs in ${repository || 'no repository'}: npm refuses provenance unless they are the same`,
  ),
  !new RegExp(`^## ${version.replaceAll('.', '\\.')}, \\d{4}-\\d\\d-\\d\\d$`, 'm').test(
    readFileSync('CHANGELOG.md', 'utf8'),
  ) && `CHANGELOG.md has no section "## ${version}, YYYY-MM-DD": date it`,
  !isOnMain() && 'The tagged commit is not on main: tag a commit that is',
].filter(Boolean)

for (const reason of reasons) console.error(reason)
process.exitCode = reasons.length > 0 ? 1 : 0
