import { describe } from 'vitest'
import { covers } from '../packed/covers.ts'
import { defaults, others } from '../packed/templates.ts'
import { nodeDirectory } from './nodes.ts'

const onOtherNodes = [22, 24].flatMap((major) => defaults.map((variant) => ({ ...variant, major })))

// The defaults on this Node are covered by `npm test`.
describe.each(others)('$label', (variant) => {
  covers(variant, () => Promise.resolve(undefined))
})

describe.each(onOtherNodes)('$label on Node $major', ({ major, ...variant }) => {
  covers(variant, () => nodeDirectory(major))
})
