import type { Random } from '../../kit/random.ts'
import type { KeptResponse } from '../lean/kept-response.ts'
import { type CompiledJourney, emptyJourney } from './compile-journey.ts'
import type { Scope } from './compile-template.ts'
import type { Cookies } from './cookies.ts'
import type { DataRows, Row } from './data-rows.ts'
import type { Job } from './request-sender.ts'
import { type ResponseParts, responseParts } from './response-parts.ts'

/** A user of the closed model. */
export interface User {
  /** From 1, unique in the run. */
  readonly number: number
  /** Visits that it began before the current one. */
  visits: number
  /** Failures in a row, after which it waits. */
  refused: number
}

/** One visit on its way through its journey. Objects are used again for later visits: nothing is allocated for one. */
export interface Visit extends Scope, Job {
  journey: CompiledJourney
  /** Index of the current step. */
  step: number
  /** Index of the stage that the current request belongs to, and of the one in which the visit began. */
  stage: number
  began: number
  /** When the current step is due, in ms of `performance.now()`. */
  dueMs: number
  /** When the driver got to it. */
  arrivedMs: number
  /** Its user, in the closed model. */
  user: User | undefined
  readonly cookies: Cookies
  readonly parts: ResponseParts
  /** The row of each data file, once it was used. */
  readonly rows: (Row | undefined)[]
  readonly kept: KeptResponse
  bytes: Buffer | string
  isHead: boolean
  origin: string | undefined
}

/** Makes visits, and takes them back for later ones. */
export interface VisitStore {
  take(): Visit
  giveBack(visit: Visit): void
}

/** Options of all visits of a store. */
export interface VisitOptions {
  readonly random: Random
  readonly data: readonly DataRows[]
  readonly timeoutMs: number
  /** Called when a visit finds no row left. */
  dataUsedUp(visit: Visit): void
  /** The outcome of the current request of a visit. */
  done(visit: Visit, status: number, failure: string | undefined, nowMs: number): void
}

/** An empty store. */
export function visitStore({
  random,
  data,
  timeoutMs,
  dataUsedUp,
  done,
}: VisitOptions): VisitStore {
  const free: Visit[] = []
  const make = (): Visit => {
    const rows: (Row | undefined)[] = []
    const parts = responseParts()
    const visit: Visit = {
      ...{ journey: emptyJourney, step: 0, stage: 0, began: 0, dueMs: 0, user: undefined },
      ...{ arrivedMs: 0, sentMs: 0, connectedMs: 0 },
      ...{ visitor: 0, iteration: 0, captured: [], random, cookies: new Map(), parts, rows },
      ...{ bytes: '', isHead: false, origin: undefined, kept: parts.kept, timeoutMs },
      cell(file, column) {
        let row = rows[file]
        if (row === undefined) {
          row = data[file]?.take()
          if (row === undefined) {
            dataUsedUp(visit)
            return ''
          }
          rows[file] = row
        }
        return row[column] ?? ''
      },
      done: (status, failure, nowMs) => done(visit, status, failure, nowMs),
    }
    return visit
  }
  return {
    take: () => free.pop() ?? make(),
    giveBack(visit) {
      visit.captured.length = 0
      if (visit.cookies.size > 0) visit.cookies.clear()
      visit.rows.length = 0
      visit.user = undefined
      free.push(visit)
    },
  }
}
