import { type Listed, listing } from '../../reports/commands/listing.ts'
import { reports } from '../../reports/formats/index.ts'
import { algorithms } from '../algorithms/index.ts'
import type { Invocation } from '../cli/invocation.ts'
import { shippedQuestions } from '../plan/scenarios.ts'
import { installedTargets } from '../targets/installed-targets.ts'

/** The lists that `lb list` prints, by topic. */
const lists: Readonly<Record<string, () => Promise<Listed[]>>> = {
  algorithms: async () => algorithms.map(algorithmEntry),
  scenarios: async () =>
    (await shippedQuestions()).map(({ name, question }) => ({ name, summary: question })),
  targets: async () => (await installedTargets()).map(targetEntry),
  formats: async () =>
    reports.map(({ format, summary, extension }) => ({
      name: format,
      summary: `${summary} (${extension})`,
    })),
}

/** Prints the list of one topic: algorithms, scenarios, targets or formats. */
export async function list(topic: string, { print, render }: Invocation): Promise<Listed[]> {
  const entries = (await lists[topic]?.()) ?? []
  print(listing(entries, render))
  return entries
}

type Algorithm = (typeof algorithms)[number]

function algorithmEntry(algorithm: Algorithm): Listed {
  const { name, aliases, summary, inputs, cost, state, parameters, source } = algorithm
  return {
    name,
    summary,
    details: {
      ...(aliases.length > 0 && { aliases: aliases.join(', ') }),
      inputs: inputs.length > 0 ? inputs.join(', ') : 'eligibility only',
      'cost per pick': cost,
      state,
      ...(Object.keys(parameters).length > 0 && { parameters: parametersText(parameters) }),
      source,
    },
  }
}

function parametersText(parameters: Algorithm['parameters']): string {
  return Object.entries(parameters)
    .map(
      ([name, { summary, unit, min, max, ...rest }]) =>
        `${name} = ${rest.default}${unit && ` ${unit}`} (${min} to ${max}): ${summary}`,
    )
    .join('; ')
}

function targetEntry({
  name,
  summary,
  algorithms: supported,
  missing,
}: Awaited<ReturnType<typeof installedTargets>>[number]): Listed {
  return {
    name,
    summary,
    details: {
      algorithms: Object.keys(supported).join(', ') || 'none',
      'on this host': missing ?? 'ready',
    },
  }
}
