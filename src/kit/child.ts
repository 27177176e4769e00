/**
 * How `lb` talks with the processes that it starts: over Node's IPC channel, a question with a
 * number and its answer, and events in between. A child answers; its parent asks (src/lab/process.ts).
 */

/** What a parent sends. */
export interface Question {
  readonly id: number
  readonly ask: string
  readonly with: unknown
}

/** What a child sends: the answer to one question, a failure to answer it, or an event. */
export type Told =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly failed: Failure }
  | { readonly event: string; readonly with: unknown }

/** An error as it crosses the channel. */
export interface Failure {
  readonly message: string
  readonly hint: string
  /** The error was the configuration's, not the process's. */
  readonly usage: boolean
}

/** What a child can be asked, by name. Every child knows at least `start` and `stop`. */
export type Answers = Readonly<Record<string, (question: never) => unknown>>

/** Sends an event to the parent; does nothing without one. */
export function tell(event: string, what: unknown): void {
  process.send?.({ event, with: what } satisfies Told)
}

/**
 * Answers the parent's questions until the channel closes, then leaves: a child whose parent is gone,
 * however it went, must not outlive it.
 */
export function answerParent(answers: Answers): void {
  process.on('message', (message) => {
    void reply(message as Question, answers)
  })
  process.on('disconnect', () => process.exit(0))
}

async function reply(question: Question, answers: Answers): Promise<void> {
  const { id, ask } = question
  try {
    const answer = answers[ask] as ((question: unknown) => unknown) | undefined
    if (answer === undefined) throw new Error(`this process does not answer "${ask}"`)
    process.send?.({ id, answer: (await answer(question.with)) ?? null } satisfies Told)
  } catch (error) {
    process.send?.({ id, failed: asFailure(error) } satisfies Told)
  }
}

function asFailure(error: unknown): Failure {
  const { message, hint, exitCode } = error as Error & { hint?: string; exitCode?: number }
  return { message, hint: hint ?? '', usage: exitCode === 2 }
}
