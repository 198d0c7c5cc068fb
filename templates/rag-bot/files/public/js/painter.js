const REST = 4 // times as long as drawing took, the page is left alone

/**
 * Draws at most once a frame, and less often when drawing takes long: an answer may come in a hundred thousand pieces.
 * @param {() => void} draw
 */
export function painter(draw) {
  let frame = 0
  let notBefore = 0

  function now() {
    cancelAnimationFrame(frame)
    frame = 0
    const start = performance.now()
    draw()
    const end = performance.now()
    notBefore = end + REST * (end - start)
  }

  function onFrame() {
    if (performance.now() < notBefore) frame = requestAnimationFrame(onFrame)
    else now()
  }

  return {
    now,
    soon() {
      if (frame === 0) frame = requestAnimationFrame(onFrame)
    },
    cancel: () => cancelAnimationFrame(frame),
  }
}
