import { type ListResult, listTemplates } from '../commands/list.ts'
import type { Catalogue } from '../core/catalogue.ts'
import { print } from '../io/print.ts'

export async function runList(catalogue: Catalogue, { json }: { json: boolean }): Promise<ListResult> {
  const result = listTemplates(catalogue)
  if (!json) await print(process.stdout, textOf(result))
  return result
}

function textOf({ milestones }: ListResult): string {
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
