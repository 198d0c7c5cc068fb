import { collectDateContext, type DateContext } from '#kit/values/dates'
import { type NumberStyle, readNumberStyle } from '#kit/values/numbers'

/** What the whole document says about how its values are to be read. */
export interface ValueContext extends DateContext {
  style: NumberStyle
}

export function collectContext(text: string): ValueContext {
  return { ...collectDateContext(text), style: readNumberStyle(text) }
}
