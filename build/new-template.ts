import { copyTemplate } from './copy-template.ts'

/**
 * `npm run new:template -- ID MILESTONE "TITLE"`: creates a template that already runs, tests and evaluates
 * itself.
 */
const [id, milestone, title] = process.argv.slice(2)
if (id === undefined || milestone === undefined || title === undefined) {
  console.error('Missing arguments\nTry: npm run new:template -- extractor m1 "Extractor"')
  process.exitCode = 2
} else {
  copyTemplate('templates', { id, milestone, title })
  console.log(
    `Created templates/${id}. Next:\n  npm run templates:lock -- ${id}\n  npm run compose\n  npm run check`,
  )
}
