import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Notes for tests alone, so that those in notes-sample/ can be replaced. */
const NOTES: Record<string, string> = {
  'offsite.md': `# Off-site in Marlund

12 and 13 November 2026, at the old ropery next to the harbour. Twelve people, the budget is 3,800.

Train at 09:14 from platform 6. Wim drives and takes the projector.

Food: Maia is allergic to nuts, Jonas does not eat meat.
`,
  'glossary.md': `# Words

- **Depot**: the place where parcels are sorted. There are 19 of them.
- **Manifest**: the list of parcels on one van, closed ten minutes before it leaves.
- **Dwell time**: hours between the arrival of a parcel at a depot and its departure. The target is under 7.
- **RTS**: return to sender, after two failed attempts.
`,
  'runbooks/backups.md': `# Backups and restores

The orders database is copied every night at 02:30, so at worst a day is lost.

Copies are kept for 35 days. What is older goes to the archive, where it takes half a day to get it back.
`,
  'runbooks/deploy.md': `# Deploying the parcel API

Deploys go out from the main branch only, Monday to Thursday before 16:00. On Fridays nothing ships.

Merge, then wait for the build: it takes about eleven minutes. The canary takes 5 % of the traffic.
`,
  'runbooks/logs.md': `# Logs

Logs of the parcel API are kept for 14 days, those of the gateway for 90.

Personal data never goes into a log. An address is replaced with the number of the parcel.
`,
  'tools/psql.md': `# psql

The read replica listens on port 5434, the primary on 5433. The read-only user is called reader.

A query that takes longer than 30 seconds is cancelled.
`,
  'people/teodora.md': `# Teodora's first week

Thursday: her first deploy, with me next to her.

Friday: visit to the depot in Marlund, the van leaves at 08:40.
`,
}

export function writeNotes(folder: string): void {
  for (const [path, text] of Object.entries(NOTES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}
