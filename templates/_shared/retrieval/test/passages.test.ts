import { describe, expect, it } from 'vitest'
import { findPassage } from '#kit/retrieval/passages'

const TEXT = `Backups are made every night at 02:00 and are kept
for 35 days. The ledger is backed up every hour.

- A restore needs two engineers.
- 👩‍👩‍👧 Ask the family of services first; then
  the owner.

| Size | Price |
| ---- | ----- |
| big  | $40   |
| huge | $90   |

\`\`\`
ledger restore --from latest
\`\`\`
> Nobody restores alone.`

function quoted(claim: string, text = TEXT): string | undefined {
  const passage = findPassage(claim, text)
  return passage && text.slice(passage.start, passage.end)
}

describe('the passage behind a claim', () => {
  it.each([
    ['Backups are kept for 35 days.', 'Backups are made every night at 02:00 and are kept\nfor 35 days.'],
    ['Every hour the ledger is backed up', 'The ledger is backed up every hour.'],
    ['It takes two engineers to restore', 'A restore needs two engineers.'],
    ['Ask first the family of services', '👩‍👩‍👧 Ask the family of services first; then\n  the owner.'],
    ['The huge size has a price of $90', '| huge | $90   |'],
    ['ledger restore --from latest', 'ledger restore --from latest'],
    ['Restoring alone: nobody', 'Nobody restores alone.'],
  ])('%j is the sentence, item or row that says it', (claim, passage) => {
    expect(quoted(claim)).toBe(passage)
  })

  it('takes a neighbour in that has what is missing', () => {
    expect(quoted('Backups are kept for 35 days, those of the ledger are made every hour')).toBe(
      'Backups are made every night at 02:00 and are kept\nfor 35 days. The ledger is backed up every hour.',
    )
  })

  it.each(['Penguins live in the south', '', 'the of and', '!!!'])('of %j does not exist', (claim) => {
    expect(quoted(claim)).toBeUndefined()
    expect(quoted(claim, '')).toBeUndefined()
  })

  it('is found in a megabyte in good time', () => {
    const text = `${'Nothing of interest stands in this sentence. '.repeat(22_000)}\nThe needle is blue.`
    const startedAt = performance.now()
    expect(quoted('A blue needle', text)).toBe('The needle is blue.')
    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })
})
