import * as z from 'zod'

/**
 * What to look for. This is the file to edit: field names and descriptions are what a model reads, and what
 * the heuristic provider matches on. Every value that a document may lack is `.nullable()`, never
 * `.optional()`: strict modes want all keys.
 */
export const schema = z.object({
  title: z.string().nullable().describe('what the incident is called: title, subject or headline'),
  ticket: z.string().nullable().describe('incident number or ticket key, such as INC-1042'),
  severity: z.enum(['sev1', 'sev2', 'sev3', 'sev4']).nullable().describe('severity'),
  status: z
    .enum(['investigating', 'identified', 'monitoring', 'resolved'])
    .nullable()
    .describe('status at the time of writing'),
  startedAt: z.iso
    .datetime({ local: true, offset: true })
    .nullable()
    .describe('when it began: start, impact start, began'),
  resolvedAt: z.iso
    .datetime({ local: true, offset: true })
    .nullable()
    .describe('when it was over: resolved, end, impact end, recovered'),
  durationMinutes: z.number().nonnegative().nullable().describe('duration of the impact, in minutes'),
  services: z.array(z.string()).describe('affected services, components or systems'),
  customersAffected: z.int().nonnegative().nullable().describe('number of customers or users affected'),
  dataLoss: z.boolean().nullable().describe('data loss: whether data was lost'),
  rootCause: z.string().nullable().describe('root cause, cause'),
  commander: z
    .object({
      name: z.string().nullable().describe('name'),
      email: z.email().nullable().describe('email'),
    })
    .describe('incident commander, incident lead'),
  actionItems: z
    .array(
      z.object({
        task: z.string().describe('task, action, what is to be done'),
        owner: z.string().nullable().describe('owner, assignee, who does it'),
        due: z.iso.date().nullable().describe('due, deadline, by when'),
      }),
    )
    .describe('action items, follow-ups, next steps'),
})
