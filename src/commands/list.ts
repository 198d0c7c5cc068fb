import type { Catalogue } from '../core/catalogue.ts'

export interface ListResult {
  milestones: { id: string; title: string; days: string; summary: string; templates: ListedTemplate[] }[]
}

interface ListedTemplate {
  id: string
  title: string
  summary: string
  options: { id: string; title: string; default: string; values: { value: string; title: string }[] }[]
}

/** The milestones of the roadmap, their templates, and the options of each. */
export function listTemplates({ milestones, templates }: Catalogue): ListResult {
  return {
    milestones: milestones.map(({ id, title, days, summary }) => ({
      id,
      title,
      days,
      summary,
      templates: templates
        .filter(({ manifest }) => manifest.milestone === id)
        .map(({ manifest }) => describeTemplate(manifest)),
    })),
  }
}

function describeTemplate({
  id,
  title,
  summary,
  options,
}: Catalogue['templates'][number]['manifest']): ListedTemplate {
  return {
    id,
    title,
    summary,
    options: Object.entries(options).map(([optionId, option]) => ({
      id: optionId,
      title: option.title,
      default: option.default,
      values: Object.entries(option.values).map(([value, { title: valueTitle }]) => ({
        value,
        title: valueTitle,
      })),
    })),
  }
}
