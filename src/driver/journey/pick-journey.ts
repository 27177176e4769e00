/** One of several, each as likely as its weight is to the sum of all. */
export function pickJourney<Choice extends { readonly weight: number }>(
  choices: readonly Choice[],
  random: () => number,
): Choice {
  const [first] = choices
  if (choices.length === 1) return first as Choice
  let left = random() * choices.reduce((sum, { weight }) => sum + weight, 0)
  for (const choice of choices) {
    left -= choice.weight
    if (left < 0) return choice
  }
  return first as Choice
}
