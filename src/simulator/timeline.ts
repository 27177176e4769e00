import { eventOf } from './event-kinds.ts'
import { EventQueue } from './event-queue.ts'

/** Simulated time: the clock, and the events to come. */
export class Timeline {
  /** Seconds since the first arrival may come. */
  now = 0
  readonly events = new EventQueue()
  readonly #actions: (() => void)[] = []

  /** Does something at a time. */
  at(seconds: number, action: () => void): void {
    this.events.add(seconds, eventOf.control(this.#actions.push(action) - 1))
  }

  /** Does something every so many seconds, until it returns false. */
  every(seconds: number, action: () => boolean): void {
    const again = (): void => {
      if (action()) this.events.add(this.now + seconds, event)
    }
    const event = eventOf.control(this.#actions.push(again) - 1)
    this.events.add(this.now + seconds, event)
  }

  /** Does what a control event stands for. */
  act(index: number): void {
    ;(this.#actions[index] as () => void)()
  }
}
