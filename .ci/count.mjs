// Adds up the test reports in a folder: names each test that failed, with the first line of why, then prints `N passed, N failed` (and `, N skipped`).
// Exits 1 when a test failed or none ran.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const [folder] = process.argv.slice(2)
const reports = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
const sum = (field) => reports.reduce((total, report) => total + report[field], 0)
const [passed, failed, skipped] = [sum('numPassedTests'), sum('numFailedTests'), sum('numPendingTests')]
const broken = reports.some((report) => !report.success)

const firstLine = (text) => (text ?? '').trim().split('\n')[0].slice(0, 300)
for (const file of reports.flatMap((report) => report.testResults)) {
  const failures = file.assertionResults.filter((test) => test.status === 'failed')
  const name = relative(process.cwd(), file.name)
  for (const test of failures)
    console.log(`failed: ${name}: ${test.fullName}\n  ${firstLine(test.failureMessages[0])}`)
  if (file.status === 'failed' && failures.length === 0)
    console.log(`failed: ${name}\n  ${firstLine(file.message)}`)
}
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed > 0 || broken || passed === 0 ? 1 : 0
