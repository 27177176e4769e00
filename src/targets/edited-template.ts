import { UsageError } from '../kit/errors.ts'
import type { Arm } from '../plan/plan.ts'

/**
 * A configuration template with the texts that the knobs of an arm replace.
 *
 * @throws {UsageError} the template lacks such a text
 */
export function editedTemplate(template: string, { turns = [] }: Pick<Arm, 'turns'>): string {
  return turns.reduce(
    (text, { knob, edits = [] }) =>
      edits.reduce((edited, { find, put }) => {
        if (edited.includes(find)) return edited.replaceAll(find, () => put)
        throw new UsageError(
          `the configuration has no "${find.trim()}", which the knob ${knob} changes`,
          `leave ${knob} out, or use the configuration that lb writes`,
        )
      }, text),
    template,
  )
}
