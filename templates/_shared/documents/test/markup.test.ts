import { afterAll, describe, expect, it } from 'vitest'
import { documentFolder } from './reading.ts'

const { read, textOf, remove } = documentFolder()
afterAll(remove)

describe('reStructuredText', () => {
  it('has titles by the order of their marks, and no inline marks', async () => {
    const { title, text } = await read(
      'a.rst',
      '.. _top:\n\n=======\nOrchard\n=======\n\nPears\n-----\n\nSee :ref:`the cellar <cellar>`, :doc:`apples` and `the map <https://example.org>`_.\nUse ``prune --hard`` [1]_.\n\nSpring\n~~~~~~\n\nx_y_z stays.\n',
    )
    expect(title).toBe('Orchard')
    expect(text).toBe(
      '# Orchard\n\n## Pears\n\nSee the cellar, apples and the map.\nUse `prune --hard` [1].\n\n### Spring\n\nx_y_z stays.',
    )
  })

  it('has lists, code, admonitions and what directives show', async () => {
    const source =
      '#. Dig\n#. Plant\n\nThen::\n\n    water()\n\n.. code-block:: sh\n   :caption: x\n\n   hoe -x\n\n.. warning:: Frost\n   kills buds.\n\n.. toctree::\n\n   b\n\n.. a comment\n\n.. versionadded:: 2.1\n\n:Owner: Liv\n'
    expect(await textOf('a.rst', source)).toBe(
      '1. Dig\n1. Plant\n\nThen:\n\n```\nwater()\n```\n\n```sh\nhoe -x\n```\n\nWarning: Frost\nkills buds.\n\nAdded in version 2.1.\n\nOwner: Liv',
    )
  })

  it.each([
    ['a simple', '=====  ====\nTree   Year\n=====  ====\nPear   1990\nPlum   2004\n=====  ====\n'],
    [
      'a grid',
      '+------+------+\n| Tree | Year |\n+======+======+\n| Pear | 1990 |\n+------+------+\n| Plum | 2004 |\n+------+------+\n',
    ],
    ['a csv', '.. csv-table::\n   :header: "Tree", "Year"\n\n   "Pear", 1990\n   "Plum", 2004\n'],
    [
      'a list',
      '.. list-table::\n\n   * - Tree\n     - Year\n   * - Pear\n     - 1990\n   * - Plum\n     - 2004\n',
    ],
  ])('has %s table as a table', async (_, source) => {
    expect(await textOf('a.rst', source)).toBe(
      '| Tree | Year |\n| --- | --- |\n| Pear | 1990 |\n| Plum | 2004 |',
    )
  })
})

describe('AsciiDoc', () => {
  it('has titles, attributes filled in, and no inline marks', async () => {
    const { title, text } = await read(
      'a.adoc',
      '= Harbour\n:toc:\n:master: Ida Berg\n\n[[ask]]\nAsk {master}, see xref:b.adoc[the berths], <<fees,Fees>> and https://example.org[the site^].\nRun `+moor -x+`. // no comment\n\n// a comment\n== Fees\n\n////\nhidden\n////\nTen euros.footnote:[In summer.]\n',
    )
    expect(title).toBe('Harbour')
    expect(text).toBe(
      '# Harbour\n\nAsk Ida Berg, see the berths, Fees and the site.\nRun `moor -x`. // no comment\n\n## Fees\n\nTen euros. (In summer.)',
    )
  })

  it('has lists, code, tables and admonitions', async () => {
    const source =
      '* Rope\n** Bow\n. One\n\nBuoy:: Floats.\n\n[WARNING]\n====\nMind the step.\n====\n\nTIP: Come early.\n\n[source,sh]\n----\nmoor # <1>\n----\n\n[cols="1,1"]\n|===\n|Berth |Fee\n\n|A1\n|10\n|B2 |12\n|===\n\ninclude::x.adoc[]\n'
    expect(await textOf('a.adoc', source)).toBe(
      '- Rope\n   - Bow\n1. One\n\nBuoy: Floats.\n\nWarning: Mind the step.\n\nTip: Come early.\n\n```sh\nmoor\n```\n\n' +
        '| Berth | Fee |\n| --- | --- |\n| A1 | 10 |\n| B2 | 12 |',
    )
  })
})

describe('separated values', () => {
  it.each([
    ['a.csv', 'Room,Seats\n"Hall, large",90\n"The ""den""",4\n'],
    ['b.csv', 'Room;Seats\r\nHall, large;90\r\n"The ""den""";4'],
    ['c.csv', 'sep=;\nRoom;Seats\nHall, large;90\n\n"The ""den""";4\n'],
    ['d.tsv', 'Room\tSeats\nHall, large\t90\n"The ""den"""\t4\n'],
  ])('of %s are a table', async (name, source) => {
    expect(await textOf(name, source)).toBe(
      '| Room | Seats |\n| --- | --- |\n| Hall, large | 90 |\n| The "den" | 4 |',
    )
  })

  it('keep bars and line ends inside of their cells', async () => {
    expect(await textOf('a.csv', 'a,b\n"1|2","x\ny"\n3')).toBe(
      '| a | b |\n| --- | --- |\n| 1\\|2 | x y |\n| 3 |  |',
    )
  })
})

it('A markup of nothing but marks takes seconds at most', { timeout: 30_000 }, async () => {
  const many = [
    '`',
    '.. a::\n',
    '|===\n',
    '* ',
    '[[a',
    '<<',
    '"',
    ',',
    '00:00:01.000 --> 00:00:02.000\n',
    ':a:`',
    '=====\n',
    '+--+\n',
  ]
  for (const mark of many)
    for (const ending of ['rst', 'adoc', 'csv', 'vtt', 'eml'])
      expect(
        (await read(`a.${ending}`, `text\n\n${mark.repeat(4_000)}\ntext`).catch(() => ({ text: '' }))).text,
      ).toBeTypeOf('string')
})
