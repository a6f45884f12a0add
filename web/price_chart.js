// The step chart of prices: dygraphs, told what to draw and in which colours. A price holds until
// it changes, so lines are steps; where there was none the line is interrupted.

import {element, set_attribute, set_text} from './dom.js';
import {clock, clock_with_seconds} from './format.js';

// Lines are told apart by their dashes too.
const kDashes = [null, [7, 3], [2, 2], [10, 3, 2, 3], [4, 4], [1, 3]];

function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    series: [1, 2, 3, 4, 5, 6].map((number) => of(`--series-${number}`)),
    grid: of('--line'),
    text: of('--text-weak'),
  };
}

/** light-dark() is resolved by the element, not by the property. @param {HTMLElement} at */
function resolved(at, /** @type {string} */ value) {
  at.style.color = value;
  const out = getComputedStyle(at).color;
  at.style.color = '';
  return out;
}

export class PriceChart {
  constructor() {
    this.canvas = element('div.chart-canvas', {role: 'img'});
    this.legend = element('ul.legend');
    this.root = element('div.chart', null, this.canvas, this.legend);
    this.graph = null;
    /** @type {string[]} */ this.names = [];
    new ResizeObserver(() => this.graph?.resize()).observe(this.canvas);
  }

  /**
   * @param {string[]} names of the lines @param {(number | null)[][]} rows as chart_rows() gives
   * @param {string} words the same for who cannot see it
   */
  show(names, rows, words) {
    set_attribute(this.canvas, 'aria-label', words);
    const data =
        rows.map(([time, ...prices]) => [new Date(/** @type {number} */ (time)), ...prices]);
    if (this.graph && names.join('\n') === this.names.join('\n')) {
      this.graph.updateOptions({file: data});
    } else {
      this.names = names;
      this.#make(data);
    }
    this.#values(data.length - 1);
  }

  /** For another theme. */
  repaint() {
    if (!this.graph) return;
    const data = this.graph.file_;
    this.#make(data);
    this.#values(data.length - 1);
  }

  #make(/** @type {any[]} */ data) {
    this.graph?.destroy();
    const {series, grid, text} = colours();
    const inks = this.names.map((_, i) => resolved(this.canvas, series[i % series.length]));
    this.canvas.style.setProperty('--axis-text', resolved(this.canvas, text));
    this.legend.replaceChildren(
        ...this.names.map((name, i) => this.#legend_item(name, inks[i], i)));
    const {Dygraph} = /** @type {any} */ (globalThis);
    // Ours stands below the chart; theirs sets styles in a way that the page's policy forbids.
    Dygraph.PLUGINS =
        Dygraph.PLUGINS.filter((/** @type {any} */ one) => one !== Dygraph.Plugins.Legend);
    this.graph = new Dygraph(this.canvas, data, {
      labels: ['time', ...this.names],
      colors: inks,
      stepPlot: true,
      strokeWidth: 2,
      drawPoints: false,
      highlightCircleSize: 4,
      gridLineColor: resolved(this.canvas, grid),
      axisLineColor: resolved(this.canvas, grid),
      axisLabelFontSize: 12,
      animatedZooms: false,
      includeZero: false,
      xRangePad: 4,
      yRangePad: 14,
      series: Object.fromEntries(
          this.names.map((name, i) => [name, {strokePattern: kDashes[i % kDashes.length]}])),
      axes: {
        x: {
          axisLabelFormatter: (/** @type {Date} */ at, /** @type {number} */ step) =>
              step < 14 ? clock_with_seconds(+at) : clock(+at),
          pixelsPerLabel: 80
        },
        y: {
          axisLabelFormatter: (/** @type {number} */ price) => price.toFixed(2),
          axisLabelWidth: 48
        },
      },
      highlightCallback:
          (/** @type {any} */ _e, /** @type {any} */ _x, /** @type {any} */ _p,
           /** @type {number} */ row) => this.#values(row),
      unhighlightCallback: () => this.#values(this.graph.numRows() - 1),
    });
  }

  #legend_item(/** @type {string} */ name, /** @type {string} */ ink, /** @type {number} */ i) {
    const swatch = element('span.swatch', {'aria-hidden': 'true'});
    swatch.style.borderTopColor = ink;
    swatch.style.borderTopStyle = kDashes[i % kDashes.length] ? 'dashed' : 'solid';
    return element('li', null, swatch, `${name} `, element('span.value'));
  }

  // The legend says the prices under the cursor, else those of now.
  #values(/** @type {number} */ row) {
    [...this.legend.children].forEach((item, i) => {
      const price = row < 0 ? null : this.graph?.getValue(row, i + 1);
      set_text(
          /** @type {Element} */ (item.lastElementChild), price == null ? '–' : price.toFixed(2));
    });
  }
}
