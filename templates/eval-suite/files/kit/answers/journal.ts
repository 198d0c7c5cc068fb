import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '#kit/console/errors'
import { hashJson } from '#kit/console/hash-json'
import type { Provider } from '#kit/evals/report'
import { type Answers, openAnswers, removeAnswers } from './answers.ts'

/** The answering model, and the version of the target if it is known. */
export interface Answerer {
  who: Provider
  version: string | null
}

/** The answers of a run in progress, from which a later run can resume. */
export interface Journal {
  open(by: Answerer): Promise<Answers>
  /** Removes the journal of a finished run. */
  remove(): Promise<void>
}

/**
 * A file for each suite and answerer, so that no answer is ever another model's. Answers that were paid for
 * are not thrown away by accident: `open` throws `UsageError` for a run that was cut off, unless it is said
 * what becomes of it.
 */
export function openJournal(
  folder: string,
  suite: string,
  { resume, fresh }: { resume: boolean; fresh: boolean },
): Journal {
  const opened: string[] = []
  return {
    async open({ who, version }) {
      const path = join(folder, `${suite}.${hashJson([who, version]).slice(0, 16)}.jsonl`)
      opened.push(path)
      if (resume && !existsSync(path))
        throw new UsageError(`there is no run to resume of ${who.name} / ${who.model}`)
      if (fresh) await removeAnswers(path)
      const answers = await openAnswers(path)
      if (answers.size > 0 && !resume)
        throw new UsageError(
          `a run was cut off after ${answers.size} answers: --resume goes on with it, --fresh starts again`,
        )
      return answers
    },
    async remove() {
      for (const path of opened) await removeAnswers(path)
    },
  }
}
