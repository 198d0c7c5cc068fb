import { type ListResult, listTemplates } from '../../commands/list.ts'
import { type Outcome, succeed } from '../../core/outcome.ts'
import type { Context } from '../context.ts'

export async function run(_: unknown, context: Context): Promise<Outcome<ListResult>> {
  const result = listTemplates(context.catalogue)
  await context.show(() => describeList(result))
  return succeed(result)
}

function describeList({ milestones }: ListResult): string {
  const blocks = milestones.map(({ id, title, days, summary, templates }) => {
    const width = Math.max(...templates.map((template) => template.id.length), 0)
    const lines = templates.flatMap((template) => [
      `  ${template.id.padEnd(width)}  ${template.summary}`,
      ...template.options.map(
        (option) =>
          `  ${' '.repeat(width)}  --${option.id} ${option.values.map(({ value }) => value).join('|')}  (default ${option.default})`,
      ),
    ])
    return [
      `${id}  ${title}, days ${days}`,
      `    ${summary}`,
      ...(lines.length > 0 ? lines : ['  no template yet']),
    ].join('\n')
  })
  return `${blocks.join('\n\n')}\n`
}
