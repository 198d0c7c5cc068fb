/** `.ci/run` sets TEST_REPORTS to a folder and adds up what is reported there. */
export function reporters(name: string) {
  const folder = process.env['TEST_REPORTS']
  if (!folder) return {}
  return {
    reporters: ['default', ['json', { outputFile: `${folder}/${name}-${process.pid}.json` }]] as [
      'default',
      ['json', { outputFile: string }],
    ],
  }
}
