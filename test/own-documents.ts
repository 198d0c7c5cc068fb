/** Three texts that no template ships. */
export const OWN = ['bread', 'bicycle', 'choir'].map((subject, index) => {
  const sentence = (n: number) =>
    `On day ${n * 7 + index} the ${subject} notebook of our street says that ${['Ilse', 'Wim', 'Aino'][n % 3]} changed step ${n} and ${subject} number ${n * 13} came out ${['drier', 'louder', 'rounder'][(n + index) % 3]} than anybody had hoped.`
  return [`${subject}.md`, [1, 2, 3, 4, 5].map(sentence).join(' ')] as const
})
