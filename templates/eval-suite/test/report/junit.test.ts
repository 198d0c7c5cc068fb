import { describe, expect, it } from 'vitest'
import { renderJunit } from '#kit/report/junit'
import { report, result } from './sample.ts'

describe('JUnit XML', () => {
  it('has a test per case, and tells what failed from what could not be graded', () => {
    const grades = [{ grader: 'facts', pass: false, score: 0, reason: 'missing "9 euros"' }]
    const cases = [
      result(),
      result({ id: 'b', outcome: 'fail', score: 0, grades }),
      result({ id: 'c', outcome: 'error', score: null, error: 'no answer', grades: [], output: '' }),
    ]
    expect(renderJunit(report(cases))).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="1" errors="1" time="1.500">
  <testsuite name="membership" tests="3" failures="1" errors="1" time="1.500" timestamp="2026-01-02T03:04:05">
    <testcase classname="membership" name="fees" time="0.120"/>
    <testcase classname="membership" name="b" time="0.120">
      <failure message="facts: missing &quot;9 euros&quot;">It costs 9 euros.</failure>
    </testcase>
    <testcase classname="membership" name="c" time="0.120">
      <error message="no answer"></error>
    </testcase>
  </testsuite>
</testsuites>
`)
  })

  it('holds nothing that an XML parser refuses or reads as markup', () => {
    const output = ']]></failure><x a="1"/>&amp;\u0000\u0008\ufffe\ud800\u{1f600}\n'
    const xml = renderJunit(report([result({ outcome: 'fail', output })]))
    expect(xml).toContain(
      ']]&gt;&lt;/failure&gt;&lt;x a=&quot;1&quot;/&gt;&amp;amp;\ufffd\ufffd\ufffd\ufffd\u{1f600}&#10;',
    )
  })
})
