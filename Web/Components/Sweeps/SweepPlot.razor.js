import { axisOf, colour, isIn, readable, text } from '../../js/sweep.js';

const height = 300, top = 34, bottom = 22, narrowest = 120, left = 44, right = 76;

export function init(root, json) {
    const [lines, fields, responses, count] = ['lines', 'ranges', 'responses', 'count'].map(name => root.querySelector(`[data-part=${name}]`));
    const reset = root.querySelector('[data-control=reset]');
    let data, axes, ranges = [], space = narrowest;

    function update(next) {
        const names = data && columns().join();
        data = JSON.parse(next);
        axes = columns().map((_, i) => axisOf(data.points.map(point => valuesOf(point)[i]).filter(value => value != null)));
        if (names !== columns().join()) {
            ranges = fromAddress();
            drawFields();
        }
        draw();
    }

    const columns = () => [...data.axes, 'mIoU, %'];
    const valuesOf = point => [...point.values, point.miou == null ? null : 100 * point.miou];

    /** Ranges as "option:low..high", one an axis. */
    function fromAddress() {
        const chosen = new URL(location.href).searchParams.getAll('range')
            .map(range => /^(.*):([^.]*(?:\.\d+)?)\.\.(.*)$/.exec(range)).filter(match => match);
        return columns().map(name => {
            const match = chosen.find(([, option]) => option === name);
            return match ? [number(match[2]), number(match[3])] : null;
        });
    }

    function toAddress() {
        const address = new URL(location.href);
        address.searchParams.delete('range');
        columns().forEach((name, i) =>
            ranges[i] && address.searchParams.append('range', `${name}:${text(ranges[i][0] ?? '')}..${text(ranges[i][1] ?? '')}`));
        history.replaceState(history.state, '', address);
    }

    const number = typed => typed.trim() === '' || !Number.isFinite(Number(typed)) ? null : Number(typed);

    function choose(i, range) {
        ranges[i] = range && (range[0] != null || range[1] != null) ? range : null;
        toAddress();
        showFields();
        draw();
    }

    function drawFields() {
        fields.replaceChildren(...columns().flatMap((name, i) => axes[i].texts ? [] : [Object.assign(document.createElement('label'), {
            innerHTML: '<span></span> <input type="text" inputmode="decimal" /> to <input type="text" inputmode="decimal" />',
        })].map(label => {
            label.dataset.axis = i;
            label.firstChild.textContent = name;
            label.querySelectorAll('input').forEach((input, end) => {
                input.setAttribute('aria-label', `${name}, ${end ? 'highest' : 'lowest'}`);
                input.addEventListener('change', () => {
                    const range = [...(ranges[i] ?? [null, null])];
                    range[end] = number(input.value);
                    choose(i, range);
                });
            });
            return label;
        })));
        showFields();
    }

    function showFields() {
        for (const label of fields.children)
            label.querySelectorAll('input').forEach((input, end) => { input.value = text(ranges[label.dataset.axis]?.[end] ?? ''); });
    }

    const element = (name, attributes, content) => {
        const made = document.createElementNS('http://www.w3.org/2000/svg', name);
        Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
        if (content !== undefined)
            made.textContent = content;
        return made;
    };

    const x = i => left + i * space, y = share => top + (1 - share) * (height - top - bottom);

    function draw() {
        space = Math.max(narrowest, (lines.parentElement.clientWidth - left - right) / (columns().length - 1));
        const width = left + right + (columns().length - 1) * space;
        lines.setAttribute('width', width);
        lines.setAttribute('height', height);
        lines.setAttribute('viewBox', `0 0 ${width} ${height}`);
        const scored = data.points.filter(point => point.miou != null), shown = point => isIn(valuesOf(point), ranges);
        const best = Math.max(...scored.map(point => point.miou)), last = axes.at(-1);
        const drawn = [...scored].sort((a, b) => shown(a) - shown(b) || a.miou - b.miou).map(point => {
            const path = valuesOf(point).map((value, i) => `${i ? 'L' : 'M'}${x(i)} ${y(axes[i].place(value)).toFixed(1)}`).join('');
            const state = `${shown(point) ? '' : ' is-out'}${point.miou === best ? ' is-best' : ''}`;
            const line = element('path', { class: `line${state}`, d: path, 'data-line': point.point });
            line.style.setProperty('--score', colour(last.place(100 * point.miou)));
            line.append(element('title', {}, columns().map((name, i) => `${name} ${text(valuesOf(point)[i])}`).join('\n')));
            return line;
        });
        lines.replaceChildren(...drawn, ...columns().flatMap((name, i) => [
            element('line', { class: 'axis', x1: x(i), x2: x(i), y1: top, y2: height - bottom }),
            element('text', { class: 'title', x: x(i), y: 14, 'text-anchor': 'middle' }, name),
            ...ticks(axes[i]).map(tick => element('text', { x: x(i) + 6, y: y(axes[i].place(tick)) + 4 }, text(tick))),
            ...(ranges[i] ? [brush(i)] : []),
            ...(axes[i].texts ? [] : [grip(i)]),
        ]));
        drawResponses(scored, shown);
        const kept = data.points.filter(shown);
        for (const row of document.querySelectorAll(`#${root.dataset.table} tr[data-point]`))
            row.hidden = !kept.some(point => point.point === Number(row.dataset.point));
        count.textContent = kept.length < data.points.length ? `${kept.length} of ${data.points.length} points` : `${data.points.length} points`;
        reset.hidden = !ranges.some(range => range);
    }

    const ticks = axis => axis.ticks.filter((_, i) => readable(axis.ticks.map(tick => y(axis.place(tick))))[i]);

    const grip = i => element('rect', { class: 'grip', x: x(i) - 14, y: top - 6, width: 28, height: height - top - bottom + 12, 'data-axis': i });

    function brush(i) {
        const [low, high] = [ranges[i][0] ?? axes[i].low, ranges[i][1] ?? axes[i].high].map(value => y(axes[i].place(value)));
        return element('rect', { class: 'brush', x: x(i) - 8, y: Math.min(low, high), width: 16, height: Math.max(2, Math.abs(low - high)) });
    }

    function drawResponses(scored, shown) {
        const [w, h, edge] = [200, 120, 28], last = axes.at(-1);
        responses.replaceChildren(...data.axes.map((name, i) => {
            const plot = element('svg', { width: w, height: h, viewBox: `0 0 ${w} ${h}`, role: 'img', 'aria-label': `mIoU over ${name}` });
            const px = share => edge + share * (w - edge - 12), py = share => h - edge + 8 - share * (h - edge - 4);
            plot.append(
                element('line', { class: 'axis', x1: edge, x2: w - 8, y1: h - edge + 12, y2: h - edge + 12 }),
                element('text', { x: w / 2, y: h - 2, 'text-anchor': 'middle', class: 'title' }, name),
                element('text', { x: 0, y: 12 }, text(last.ticks.at(-1) ?? '')),
                element('text', { x: 0, y: h - edge + 10 }, text(last.ticks[0] ?? '')),
                ...scored.map(point => element('circle', {
                    r: 3, cx: px(axes[i].place(point.values[i])), cy: py(last.place(100 * point.miou)), class: shown(point) ? '' : 'is-out',
                })));
            return plot;
        }));
    }

    let dragged = null;
    const share = event => 1 - (event.clientY - lines.getBoundingClientRect().top - top) / (height - top - bottom);
    lines.addEventListener('pointerdown', event => {
        const axis = event.target.dataset?.axis;
        if (axis === undefined)
            return;
        dragged = { axis: Number(axis), from: share(event) };
        lines.setPointerCapture(event.pointerId);
    });
    lines.addEventListener('pointermove', event => dragged && drag(event));
    lines.addEventListener('pointerup', event => {
        if (dragged && Math.abs(share(event) - dragged.from) < 0.01)
            choose(dragged.axis, null);
        dragged = null;
    });
    function drag(event) {
        const ends = [dragged.from, share(event)].sort((a, b) => a - b).map(end => Number(text(axes[dragged.axis].at(end))));
        choose(dragged.axis, ends);
    }
    reset.addEventListener('click', () => {
        ranges = [];
        toAddress();
        showFields();
        draw();
    });

    const resized = new ResizeObserver(() => draw());
    update(json);
    resized.observe(lines.parentElement);
    root.inert = false;
    return { update, dispose() { resized.disconnect(); } };
}
