import * as z from 'zod'

/** A page of documentation: a schema for texts of which nothing is known. */
export const schema = z.object({
  title: z.string().nullable().describe('title'),
  version: z.string().nullable().describe('version'),
  license: z.string().nullable().describe('license'),
  author: z.string().nullable().describe('author, authors, maintainer'),
  published: z.iso.date().nullable().describe('published, date, released on'),
  headings: z.array(z.string()).describe('headings'),
  links: z.array(z.url()).describe('links'),
  emails: z.array(z.email()).describe('emails'),
})
