/** A line of a bench: what, figures with units, and whether the target is met where there is one. */
export class Report {
  #missed = [];

  section(title) {
    console.log(`\n${title}`);
  }

  line(what, figures, target) {
    const text = Object.entries(figures).map(([name, value]) => `${name} ${show(value)}`);
    const verdict = target ? `   ${target.met ? 'meets' : 'MISSES'} ${target.text}` : '';
    console.log(`  ${what.padEnd(46)} ${text.join(', ')}${verdict}`);
    if (target && !target.met) this.#missed.push(`${what}: ${target.text}`);
  }

  note(text) {
    console.log(`  ${text}`);
  }

  end() {
    console.log(this.#missed.length === 0 ? '\nall targets met' : `\nmissed: ${this.#missed.join('; ')}`);
  }
}

function show(value) {
  return typeof value === 'number' ? Number(value.toPrecision(3)).toLocaleString('en-US') : String(value);
}

export const atMost = (value, limit, unit = '') => ({ met: value <= limit, text: `<= ${limit}${unit}` });
export const atLeast = (value, limit, unit = '') => ({ met: value >= limit, text: `>= ${limit}${unit}` });
