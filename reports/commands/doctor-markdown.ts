import type { Diagnosis, Leaf } from '../../src/result/diagnosis.ts'
import type { HostCheck } from '../../src/result/host-check.ts'
import { bullets, escaped, fenced, markdownTable } from '../layout/markdown-parts.ts'
import { certaintyWords } from './doctor-certainty.ts'
import { subjectOf, verdictOf } from './doctor-verdict.ts'

/** A diagnosis as Markdown: the answer, a section for each finding, and a table of all checks. */
export function doctorMarkdown(diagnosis: Diagnosis): string {
  const { checks, symptoms } = diagnosis
  const rows = [...symptoms, ...checks].map(({ title, state, found }) => [
    escaped(title),
    state,
    escaped(found),
  ])
  const sections = [
    `## lb doctor: ${escaped(subjectOf(diagnosis))}`,
    `**${escaped(verdictOf(diagnosis))}**`,
    ...symptoms.flatMap(({ title, leaves }) => leaves.map((leaf) => leafSection(title, leaf))),
    ...checks.flatMap(checkSection),
    markdownTable(['check', 'state', 'found'], rows),
  ]
  return `${sections.join('\n\n')}\n`
}

function leafSection(title: string, leaf: Leaf): string {
  const { subject, says, certainty, evidence, advice, command } = leaf
  return [
    `### ${escaped(`${title}: ${subject}`)}`,
    `${escaped(says)} (${certaintyWords[certainty]}).`,
    bullets([...evidence, `try: ${advice}`]),
    fenced('sh', command),
  ].join('\n\n')
}

function checkSection(check: HostCheck): string[] {
  if (check.state === 'ok' || check.state === 'unknown') return []
  const { title, found, effect, advice, change, recheck } = check
  const advised = advice === undefined ? '' : ` ${escaped(advice)}.`
  const commands = [...(change === undefined ? [] : [change]), recheck]
  return [
    [
      `### ${escaped(`${title}: ${found}`)}`,
      `${escaped(effect)}.${advised}`,
      fenced('sh', commands.join('\n')),
    ].join('\n\n'),
  ]
}
