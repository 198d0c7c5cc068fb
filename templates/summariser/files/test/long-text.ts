const TEAMS = ['gates', 'tickets', 'refunds', 'harbour', 'kiosks', 'timetable', 'crew']
const EVENTS = [
  'was switched to the new service on Monday morning, and the first ferry of the day saw no difference at all',
  'lost its network for a while, so that tickets were checked by hand and the queue reached the street',
  'got a second machine, because the first one was busy for nine minutes of every hour in the summer',
  'was tested with paper tickets, with phones that had hardly any battery left, and with wet hands',
]

/**
 * A log of forty entries, each with numbers of its own: more than a small context window holds. It is no document
 * of evals/, so that those can be replaced.
 */
export const log = Array.from({ length: 40 }, (_, index) => writeEntry(index + 1)).join('\n\n')

function writeEntry(day: number): string {
  const team = TEAMS[day % TEAMS.length]
  const sentences = EVENTS.map(
    (event, index) =>
      `On day ${day}, hour ${7 + index}, the ${team} system of quay ${(day * 7 + index) % 23} ${event}.`,
  )
  return `## Day ${day}: ${team}\n\n${sentences.join(' ')} In all it cost ${day * 137} kroner and took ${day + 11} people.`
}
