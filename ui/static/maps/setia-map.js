/* Every map of the app: an offline base map, and marks drawn from one compact message.
 *
 * Setia.start(map, options) runs once per mount; Setia.marks(message) builds the layer that
 * replaces the one before. Texts in a message are escaped by charts/escaping.py; numbers are
 * formatted here, in the language of the screen.
 */
(function () {
  "use strict";

  const HERE = new URL(".", document.currentScript.src);
  const VENDOR = new URL("../vendor/leaflet-1.9.4/dist/images/", HERE);
  L.Icon.Default.imagePath = VENDOR.pathname;

  const LOOKS = {
    light: {
      sea: "#E9EFF2", land: "#FCFCFA", coast: "#B4BEC6", border: "#9AA5AE", state: "#D3D9DE",
      mark: "#0B6E6E", markText: "#FFFFFF", edge: "#33414B", empty: "#E3E7EA", chosen: "#111827",
      isNew: "#56B4E9", newEdge: "#2B7FB3", existing: "#0B6E6E", store: "#111827", halo: "#FFFFFF",
      muted: "#6B7280", gold: "#B87A00", bad: "#B3261E", good: "#007A55",
    },
    dark: {
      sea: "#0D1318", land: "#1B242B", coast: "#3D4A54", border: "#51606B", state: "#2F3B44",
      mark: "#3FB8B0", markText: "#06201F", edge: "#C3CCD3", empty: "#2A343D", chosen: "#FFFFFF",
      isNew: "#56B4E9", newEdge: "#9FD4F2", existing: "#3FB8B0", store: "#F3F5F6", halo: "#12181D",
      muted: "#9CA3AF", gold: "#E69F00", bad: "#F87171", good: "#34D399",
    },
  };

  const state = { map: null, options: null, look: "light", base: null, message: null, group: null, cleared: null, numbered: [] };

  function readLook() {
    const css = getComputedStyle(document.documentElement).getPropertyValue("--background-color").trim();
    const hex = /^#([0-9a-f]{6})/i.exec(css);
    if (!hex) return "light";
    const n = parseInt(hex[1], 16);
    return ((n >> 16) * 0.299 + ((n >> 8) & 255) * 0.587 + (n & 255) * 0.114) < 128 ? "dark" : "light";
  }

  function element(tag, className, html) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (html !== undefined) made.innerHTML = html;
    return made;
  }

  function pane(map, name, order, passive) {
    const made = map.createPane(name);
    made.style.zIndex = order;
    if (passive) made.style.pointerEvents = "none";
    return made;
  }

  /* ---------- base map ---------- */

  function baseStyle(feature) {
    const look = LOOKS[state.look];
    return feature.properties.level === 0
      ? { stroke: true, color: look.coast, weight: 0.8, fill: true, fillColor: look.land, fillOpacity: 1 }
      : { stroke: true, color: look.state, weight: 1, fill: false };
  }

  function drawBase(map, data) {
    const land = L.canvas({ pane: "land", padding: 0.4 });
    const lines = L.canvas({ pane: "lines", padding: 0.4 });
    const layers = [["countries", land], ["regions", lines]].map(([name, renderer]) =>
      L.geoJSON(data[name], { style: baseStyle, interactive: false, renderer: renderer, smoothFactor: 0.7 }).addTo(map));
    state.base = { data: data, layers: layers };
    data.regions.features.forEach((f) => { state.shapes[f.properties.code] = f; });
    drawNames(map);
    if (state.message && state.message.kind === "regions" && !state.message.borders) redraw();
  }

  function candidates(map, data) {
    const zoom = map.getZoom();
    const view = map.getBounds().pad(0.05);
    const all = [];
    const hidden = state.message && state.message.kind === "regions" && zoom < 9;  // the regions' own names stand there
    if (zoom <= 6 && !hidden) data.countries.features.forEach((f) => all.push(["country", f.properties, 1e9]));
    if (zoom >= 6 && zoom < 10 && !hidden) data.regions.features.forEach((f) => all.push(["state", f.properties, 1e8]));
    const least = zoom < 6 ? Infinity : zoom < 8 ? 500000 : zoom < 9 ? 150000 : zoom < 11 ? 40000 : 0;
    if (!hidden) {
      data.towns.forEach((town) => {
        if (town[3] >= least) all.push(["town", { name: town[0], at: [town[1], town[2]] }, town[3]]);
      });
    }
    return all.filter((c) => c[1].at && view.contains(c[1].at)).sort((a, b) => b[2] - a[2]);
  }

  function marked(map) {
    // Where circles, pins and numbered points stand: a name half under a mark cannot be read.
    const message = state.message;
    if (!message) return [];
    const round = (at, size) => {
      const spot = map.latLngToContainerPoint(at), half = size / 2 - 2;
      return [spot.x - half, spot.y - half, spot.x + half, spot.y + half];
    };
    const circled = message.kind === "clusters" || message.kind === "split";
    const found = circled ? message.rows.map((row) => {
      const size = diameter(row.customers, message.most, message.kind === "split");
      return round(within(row, size), size);
    }) : [];
    const [wide, high] = pinSize();
    (message.stores || []).forEach((row) => {
      const spot = map.latLngToContainerPoint(row.at);
      found.push([spot.x - wide / 2, spot.y - high, spot.x + wide / 2, spot.y]);
    });
    state.numbered.forEach((item) => found.push(round(item.layer.getLatLng(), item.row.size)));
    return found;
  }

  function drawNames(map) {
    if (!state.base) return;
    if (state.names) state.names.remove();
    const taken = marked(map);
    const marks = taken.length;
    state.names = L.layerGroup([], { pane: "names" });
    for (const [kind, place] of candidates(map, state.base.data)) {
      if (taken.length - marks >= 70) break;
      const name = place["name_" + state.options.lang] || place.name;
      const at = map.latLngToContainerPoint(place.at);
      const half = name.length * (kind === "town" ? 3.2 : 3.9) + 8;
      const box = [at.x - half, at.y - 9, at.x + half, at.y + 9];
      if (taken.some((t) => box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1])) continue;
      taken.push(box);
      const text = element("span", null);
      text.textContent = name;
      const icon = L.divIcon({ className: "setia-name setia-name-" + kind, html: text, iconSize: null });
      state.names.addLayer(L.marker(place.at, { icon: icon, pane: "names", interactive: false, keyboard: false }));
    }
    state.names.addTo(map);
  }

  function applyLook() {
    const look = readLook();
    if (look === state.look && state.painted) return;
    state.look = look;
    state.painted = true;
    const box = state.map.getContainer();
    box.classList.toggle("setia-dark", look === "dark");
    box.style.background = LOOKS[look].sea;
    if (state.base) state.base.layers.forEach((layer) => layer.setStyle(baseStyle));
    if (state.group) redraw();
  }

  /* ---------- drawing tools ---------- */

  function wordDrawing(words) {
    if (!L.drawLocal || !words) return;
    const draw = L.drawLocal.draw;
    Object.assign(draw.toolbar.buttons, { rectangle: words.rectangle, circle: words.circle, polygon: words.polygon });
    Object.assign(draw.toolbar.actions, { title: words.cancel, text: words.cancel });
    Object.assign(draw.toolbar.finish, { title: words.finish, text: words.finish });
    Object.assign(draw.toolbar.undo, { title: words.undo, text: words.undo });
    draw.handlers.simpleshape.tooltip.end = words.release;
    draw.handlers.rectangle.tooltip.start = words.drag;
    draw.handlers.circle.tooltip.start = words.drag;
    draw.handlers.circle.radius = words.radius;
    Object.assign(draw.handlers.polygon.tooltip, { start: words.click, cont: words.click, end: words.close });
    draw.handlers.polygon.error = words.crossing;
    const edit = L.drawLocal.edit;
    Object.assign(edit.toolbar.buttons, {
      edit: words.edit, editDisabled: words.edit, remove: words.remove, removeDisabled: words.remove,
    });
    Object.assign(edit.toolbar.actions.save, { title: words.save, text: words.save });
    Object.assign(edit.toolbar.actions.cancel, { title: words.cancel, text: words.cancel });
    Object.assign(edit.toolbar.actions.clearAll, { title: words.clear, text: words.clear });
    Object.assign(edit.handlers.edit.tooltip, { text: words.move, subtext: "" });
    edit.handlers.remove.tooltip.text = words.pick;
  }

  function watchDrawing(map) {
    // Marks must not catch the clicks that draw a shape.
    const quiet = (on) => map.getContainer().classList.toggle("setia-drawing", on);
    map.on("draw:drawstart draw:editstart draw:deletestart", () => quiet(true));
    map.on("draw:drawstop draw:editstop draw:deletestop", () => setTimeout(() => quiet(false), 120));
    // A circle that was resized must not report the radius it was drawn with.
    map.on("draw:edited", (event) => event.layers.eachLayer((layer) => {
      if (layer.getRadius && layer.feature) layer.feature.properties.radius = layer.getRadius();
    }));
  }

  function shapes() {
    return typeof window.drawnItems === "object" && window.drawnItems.clearLayers ? window.drawnItems : null;
  }

  function restoreShapes(message) {
    const drawn = shapes();
    if (!drawn) return;
    if (state.cleared === null) {
      state.cleared = message.cleared;
      (message.drawings || []).forEach((feature) => {
        const radius = feature.properties && feature.properties.radius;
        const [x, y] = feature.geometry.coordinates;
        const layer = radius ? L.circle([y, x], { radius: radius }) : L.geoJSON(feature).getLayers()[0];
        layer.feature = feature;
        layer.options.editing = layer.options.editing || {};
        if (layer.setStyle) layer.setStyle(state.options.shape);
        drawn.addLayer(layer);
      });
    } else if (state.cleared !== message.cleared) {
      state.cleared = message.cleared;
      drawn.clearLayers();
    }
  }

  /* ---------- marks ---------- */

  function pickable(layer, pick, latlng) {
    const feature = { type: "Feature", properties: { pick: pick },
      geometry: { type: "Point", coordinates: [latlng[1], latlng[0]] } };
    layer.feature = feature;
    layer.toGeoJSON = () => feature;
    layer.on("keypress", (event) => {  // a marker is reached by tab; Enter does what a click does
      if (event.originalEvent.key === "Enter") layer.fire("click", { latlng: layer.getLatLng() }, true);
    });
    return layer;
  }

  function written(message, row) {
    // A row that brings its own words has them ready: [title, text] pairs.
    if (row.tip) {
      const title = row.name ? "<strong>" + row.name + "</strong>" : "";
      return title + "<table>" + row.tip.map((pair) => "<tr><th>" + pair[0] + "</th><td>" + pair[1] + "</td></tr>").join("") + "</table>";
    }
    const format = new Intl.NumberFormat(message.locale, { maximumFractionDigits: 0 });
    const share = new Intl.NumberFormat(message.locale, { style: "percent", maximumFractionDigits: 1, minimumFractionDigits: 1 });
    const part = (value, how) => value === null || value === undefined ? "\u2013"
      : how === "money" ? (value < 0 ? "-" : "") + message.money + format.format(Math.abs(value))
      : how === "share" ? share.format(value) : format.format(value);
    const head = row.name ? "<strong>" + row.name + "</strong>" : "";
    return head + "<table>" + message.columns.map((column) =>
      "<tr><th>" + column.title + "</th><td>" + part(row[column.name], column.how) + "</td></tr>").join("") + "</table>";
  }

  function tip(layer, message, row) {
    layer.bindTooltip(() => written(message, row), { sticky: true, className: "setia-tip", opacity: 1, direction: "auto" });
    return layer;
  }

  function short(message, value) {
    return new Intl.NumberFormat(message.locale, { maximumFractionDigits: 0 }).format(value);
  }

  function face(row, size, message) {
    // The number of a circle stands on a plate of its own, so that pins of stores in the circle do not cross it.
    const label = message.kind === "split" ? Math.round(row.share * 100) + "%" : short(message, row.customers);
    const font = Math.max(10, Math.min(15, (size - 8) / (label.length * 0.58)));
    return { label: label, font: font, plate: Math.min(label.length * font * 0.6 + 6, size - 4) };
  }

  function behind(message) {
    // Whether the head of a pin lies behind the number of a circle: what cannot be seen must not catch the click.
    if (message.kind !== "clusters" && message.kind !== "split") return () => false;
    const zoom = state.map.getZoom(), [, high] = pinSize();
    const plates = message.rows.map((row) => {
      const size = diameter(row.customers, message.most, message.kind === "split");
      return Object.assign(face(row, size, message), { at: state.map.project(within(row, size), zoom) });
    });
    return (row) => {
      const spot = state.map.project(row.at, zoom);
      return plates.some((one) => Math.abs(spot.x - one.at.x) < one.plate / 2 && Math.abs(spot.y - high * 0.64 - one.at.y) < one.font * 0.62);
    };
  }

  function ring(row, size, message, chosen) {
    // A circle with its count; with `share`, a ring whose arc is the share of new customers.
    const look = LOOKS[state.look];
    const half = size / 2, radius = half - 4, around = 2 * Math.PI * radius;
    const split = message.kind === "split";
    const { label, font, plate } = face(row, size, message);
    const core = split
      ? `<circle cx="${half}" cy="${half}" r="${radius}" fill="${look.halo}" stroke="${look.existing}" stroke-width="6"/>` +
        `<circle cx="${half}" cy="${half}" r="${radius}" fill="none" stroke="${look.isNew}" stroke-width="6"
          stroke-dasharray="${around * row.share} ${around}" transform="rotate(-90 ${half} ${half})"/>` +
        `<circle cx="${half}" cy="${half}" r="${radius + 3.5}" fill="none" stroke="${look.edge}" stroke-width="1"/>`
      : `<circle cx="${half}" cy="${half}" r="${half - 2}" fill="${look.mark}" stroke="${look.halo}" stroke-width="1.5"/>`;
    const mark = chosen ? `<circle cx="${half}" cy="${half}" r="${half - 1}" fill="none" stroke="${look.chosen}" stroke-width="2.5"/>` : "";
    const ink = split ? look.chosen : look.markText, rim = split ? look.halo : look.mark;
    const svg = `<svg width="${size}" height="${size}" viewBox="0 0 ${size} ${size}" aria-hidden="true">`;
    return [svg + core + mark + "</svg>", svg + `<rect x="${half - plate / 2}" y="${half - font * 0.62}" width="${plate}" height="${font * 1.24}"
      rx="${font * 0.5}" fill="${rim}"/><text x="${half}" y="${half}" dy="0.35em" text-anchor="middle"
      font-size="${font}" fill="${ink}" stroke="${rim}" stroke-width="3" paint-order="stroke">${label}</text></svg>`];
  }

  function diameter(customers, most, split) {
    const least = split ? 34 : 26;
    return Math.round(least + (58 - least) * Math.sqrt(customers / Math.max(most, 1)));
  }

  function within(row, size) {
    // The mean position of a cell's customers, moved so far that neighbours do not hide each other's number.
    const zoom = state.map.getZoom();
    const low = state.map.project([row.box[2], row.box[1]], zoom), high = state.map.project([row.box[0], row.box[3]], zoom);
    const at = state.map.project(row.at, zoom);
    const held = (value, from, to) => {
      const room = Math.min(size * 0.36, (to - from) / 2);
      return Math.min(Math.max(value, from + room), to - room);
    };
    return state.map.unproject([held(at.x, low.x, high.x), held(at.y, low.y, high.y)], zoom);
  }

  function circles(group, message) {
    const most = message.most;
    message.rows.forEach((row) => {
      const size = diameter(row.customers, most, message.kind === "split");
      const chosen = row.pick === message.chosen;
      const [body, text] = ring(row, size, message, chosen);
      const at = within(row, size), depth = chosen ? 1e6 : -size;
      const iconOf = (name, html) => L.divIcon({ className: name, html: html, iconSize: [size, size], iconAnchor: [size / 2, size / 2] });
      const layer = L.marker(at, { icon: iconOf("setia-circle", body), pane: "circles", riseOnHover: true,
        zIndexOffset: depth, title: "", alt: short(message, row.customers) });
      group.addLayer(tip(pickable(layer, row.pick, row.at), message, row));
      group.addLayer(L.marker(at, { icon: iconOf("setia-count", text), pane: "counts", interactive: false,
        keyboard: false, zIndexOffset: depth }));
    });
  }

  function squares(group, message) {
    const look = LOOKS[state.look];
    const renderer = L.canvas({ pane: "squares", padding: 0.2 });
    message.rows.forEach((row) => {
      const chosen = row.pick === message.chosen;
      const corners = row.ring || [[row.box[0], row.box[1]], [row.box[0], row.box[3]], [row.box[2], row.box[3]], [row.box[2], row.box[1]]];
      const layer = L.polygon(corners, {
        renderer: renderer, stroke: true, weight: chosen ? 3 : row.joined ? 1 : 0.5, color: chosen ? look.chosen : look.edge,
        opacity: chosen || row.joined ? 1 : 0.5, fillColor: message.colours[row.step], fillOpacity: row.joined ? 0.22 : 0.82,
        dashArray: row.joined && !chosen ? "3 3" : null,
      });
      const far = corners[Math.floor(corners.length / 2)];
      const middle = [(corners[0][0] + far[0]) / 2, (corners[0][1] + far[1]) / 2];
      group.addLayer(tip(pickable(layer, row.pick, middle), message, row));
    });
  }

  /* Heat: every cell spreads its customers over a disc; the sum is coloured by the ramp. Nothing in it can be picked. */

  const Heat = L.Layer.extend({
    initialize(rows, colours) { this.rows = rows; this.colours = colours; },
    onAdd(map) {
      this.canvas = element("canvas", "setia-heat");
      map.getPane("squares").appendChild(this.canvas);
      map.on("moveend zoomend resize", this.paint, this);
      this.paint();
    },
    onRemove(map) {
      map.off("moveend zoomend resize", this.paint, this);
      this.canvas.remove();
    },
    paint() {
      const map = this._map, size = map.getSize();
      L.DomUtil.setPosition(this.canvas, map.containerPointToLayerPoint([0, 0]));
      this.canvas.width = size.x;
      this.canvas.height = size.y;
      const pen = this.canvas.getContext("2d", { willReadFrequently: true });
      const reach = 26, most = Math.max(1, ...this.rows.map((row) => row.customers));
      this.rows.forEach((row) => {
        const at = map.latLngToContainerPoint(row.at);
        if (at.x < -reach || at.y < -reach || at.x > size.x + reach || at.y > size.y + reach) return;
        const glow = pen.createRadialGradient(at.x, at.y, 0, at.x, at.y, reach);
        glow.addColorStop(0, `rgba(0,0,0,${Math.max(0.06, Math.sqrt(row.customers / most) * 0.85)})`);
        glow.addColorStop(1, "rgba(0,0,0,0)");
        pen.fillStyle = glow;
        pen.fillRect(at.x - reach, at.y - reach, 2 * reach, 2 * reach);
      });
      if (!size.x || !size.y || !this.colours.length) return;
      const picture = pen.getImageData(0, 0, size.x, size.y), data = picture.data;
      const table = shades(this.colours);
      for (let i = 3; i < data.length; i += 4) {
        const strength = data[i];
        if (!strength) continue;
        const shade = table[strength];
        data[i - 3] = shade[0]; data[i - 2] = shade[1]; data[i - 1] = shade[2];
        data[i] = Math.min(225, 60 + strength * 1.6);
      }
      pen.putImageData(picture, 0, 0);
    },
  });

  function shades(colours) {
    const stops = colours.map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
    return Array.from({ length: 256 }, (_, i) => {
      const at = (i / 255) * (stops.length - 1), low = Math.floor(at), high = Math.min(low + 1, stops.length - 1);
      return stops[low].map((value, part) => Math.round(value + (stops[high][part] - value) * (at - low)));
    });
  }

  function regions(group, message) {
    SetiaRegions.fill(group, message, { map: state.map, look: () => LOOKS[state.look], shapes: state.shapes,
      pickable: pickable, written: written, short: short, element: element, fit: fit });
  }

  function pinSize() {
    const zoom = state.map.getZoom(), wide = zoom < 8 ? 12 : zoom < 10 ? 16 : 22;
    return [wide, Math.round(wide * 30 / 22)];
  }

  function stores(group, message) {
    const hidden = behind(message);
    (message.stores || []).forEach((row) => {
      const look = LOOKS[state.look];
      const own = row.own;
      const chosen = row.pick === message.chosen;
      const fill = own ? look.store : look.halo;
      const dot = own ? look.halo : look.store;
      const [wide, high] = pinSize();
      const pin = `<svg width="${wide}" height="${high}" viewBox="0 0 22 30" aria-hidden="true">
        <path d="M11 1.2C5.6 1.2 1.2 5.5 1.2 10.8c0 6.9 9.8 18 9.8 18s9.8-11.1 9.8-18C20.8 5.5 16.4 1.2 11 1.2z"
          fill="${fill}" stroke="${own ? look.halo : look.store}" stroke-width="${chosen ? 3 : 1.8}"/>
        <circle cx="11" cy="10.8" r="${own ? 3.4 : 4.4}" fill="${own ? dot : "none"}" stroke="${own ? "none" : look.store}" stroke-width="1.8"/></svg>`;
      const icon = L.divIcon({ className: "setia-store" + (own ? "" : " setia-store-other"), html: pin, iconSize: [wide, high], iconAnchor: [wide / 2, high - 1] });
      const layer = L.marker(row.at, { icon: icon, pane: "pins", riseOnHover: true, alt: "", interactive: !hidden(row) });
      if (hidden(row)) { group.addLayer(layer); return; }
      layer.bindTooltip("<strong>" + row.name + "</strong><br>" + row.note, { className: "setia-tip", opacity: 1, direction: "auto", offset: [0, -high / 2] });
      group.addLayer(row.pick ? pickable(layer, row.pick, row.at) : layer);
    });
  }

  /* ---------- areas, lines and points of a message ---------- */

  function tone(message, row) {
    const look = LOOKS[state.look];
    return row.step !== undefined && message.colours.length ? message.colours[row.step] : look[row.look] || look.mark;
  }

  function areas(group, message) {
    const look = LOOKS[state.look];
    const renderer = L.canvas({ pane: "squares", padding: 0.3 });
    (message.areas || []).forEach((row) => {
      const chosen = row.pick && row.pick === message.chosen;
      const classed = row.step !== undefined && row.opacity >= 0.6;  // a dark class on dark land needs an edge
      L.geoJSON({ type: "Feature", properties: {}, geometry: row.shape }, { renderer: renderer, style: {
        stroke: true, weight: chosen ? 3 : classed ? 0.8 : 1.6, opacity: classed && !chosen ? 0.7 : 0.95,
        color: chosen ? look.chosen : classed ? look.edge : tone(message, row),
        dashArray: row.dashed ? "5 4" : null, fillColor: tone(message, row), fillOpacity: row.opacity === undefined ? 0.22 : row.opacity,
      } }).getLayers().forEach((layer) => {
        const made = row.pick ? pickable(layer, row.pick, row.at) : layer;
        group.addLayer(row.tip ? tip(made, message, row) : made);
      });
    });
  }

  function lines(group, message) {
    const renderer = L.canvas({ pane: "squares", padding: 0.3 });
    (message.lines || []).forEach((row) => {
      const layer = L.polyline(row.path, { renderer: renderer, color: tone(message, row), weight: row.weight, opacity: 0.55, lineCap: "round" });
      group.addLayer(row.tip ? tip(layer, message, row) : layer);
    });
  }

  function points(group, message) {
    (message.points || []).forEach((row) => {
      const look = LOOKS[state.look];
      const size = row.size, half = size / 2, chosen = row.pick && row.pick === message.chosen;
      const fill = row.hollow ? look.halo : tone(message, row), rim = row.hollow ? tone(message, row) : look.halo;
      const label = row.label ? `<text x="${half}" y="${half}" dy="0.35em" text-anchor="middle" font-weight="600"
        font-size="${Math.max(9, Math.min(13, (size - 6) / (row.label.length * 0.6)))}" fill="${row.hollow ? look.chosen : look.markText}">${row.label}</text>` : "";
      const svg = `<svg width="${size}" height="${size}" viewBox="0 0 ${size} ${size}" aria-hidden="true"><circle cx="${half}" cy="${half}" r="${half - 2}"
        fill="${fill}" stroke="${chosen ? look.chosen : rim}" stroke-width="${chosen ? 3 : 1.8}"/>${label}</svg>`;
      const icon = L.divIcon({ className: "setia-point", html: svg, iconSize: [size, size], iconAnchor: [half, half] });
      const layer = L.marker(row.at, { icon: icon, pane: "pins", riseOnHover: true, alt: "", zIndexOffset: row.hollow ? 0 : 500,
        interactive: Boolean(row.pick || row.tip) });
      const made = row.pick ? pickable(layer, row.pick, row.at) : layer;
      group.addLayer(row.tip ? tip(made, message, row) : made);
      if (row.label) state.numbered.push({ layer: layer, row: row });
    });
    spread();
  }

  function spread() {
    // Numbers that would cover each other move apart, half the way each; nearer, each stands in its place.
    const map = state.map, zoom = map.getZoom();
    const spots = state.numbered.map((item) => map.project(item.row.at, zoom));
    for (let turn = 0; turn < 40; turn += 1) {
      let moved = false;
      for (let i = 0; i < spots.length; i += 1) for (let j = 0; j < i; j += 1) {
        const room = (state.numbered[i].row.size + state.numbered[j].row.size) / 2;
        const way = spots[i].subtract(spots[j]), far = way.distanceTo([0, 0]);
        if (far > room - 0.5) continue;
        const step = (far < 0.01 ? L.point(1, 0) : way.divideBy(far)).multiplyBy((room - far) / 2);
        spots[i] = spots[i].add(step);
        spots[j] = spots[j].subtract(step);
        moved = true;
      }
      if (!moved) break;
    }
    state.numbered.forEach((item, place) => item.layer.setLatLng(map.unproject(spots[place], zoom)));
  }

  /* ---------- legend ---------- */

  function legend(message) {
    if (state.legend) state.legend.remove();
    state.legend = L.control({ position: "bottomright" });
    state.legend.onAdd = () => {
      const box = element("div", "setia-legend");
      L.DomEvent.disableClickPropagation(box);
      box.appendChild(element("div", "setia-legend-title", message.legend.title));
      const list = element("ul");
      message.legend.rows.forEach((row) => {
        const item = element("li");
        item.appendChild(swatch(row, message));
        item.appendChild(element("span", null, row.text));
        if (row.count) item.appendChild(element("span", "setia-legend-count", row.count));
        list.appendChild(item);
      });
      box.appendChild(list);
      if (message.legend.note) box.appendChild(element("div", "setia-legend-note", message.legend.note));
      return box;
    };
    state.legend.addTo(state.map);
  }

  function swatch(row, message) {
    const look = LOOKS[state.look];
    const mark = element("i", "setia-swatch setia-swatch-" + row.shape);
    if (row.shape === "size") {
      const size = diameter(row.value, message.most, false) ;
      mark.style.width = mark.style.height = Math.max(10, size * 0.5) + "px";
      mark.style.background = look.mark;
    } else if (row.shape === "point") {
      mark.style.background = row.hollow ? look.halo : tone(message, row);
      mark.style.borderColor = row.hollow ? tone(message, row) : look.halo;
    } else if (row.shape === "ramp") {
      mark.style.background = `linear-gradient(90deg, ${message.heat[state.look].join(", ")})`;
    } else if (row.shape === "line") {
      mark.style.background = tone(message, row);
    } else if (row.shape === "pin") {
      mark.style.background = row.own ? look.store : look.halo;
      mark.style.borderColor = look.store;
    } else {
      mark.style.background = row.step < -1 ? "transparent" : row.step < 0 ? look.empty : row.step !== undefined ? message.colours[row.step] : look[row.look];
      mark.style.borderColor = look.edge;
    }
    return mark;
  }

  function fill(group, message) {
    state.numbered = [];
    if (message.kind === "clusters" || message.kind === "split") circles(group, message);
    else if (["cells", "hex", "segments"].includes(message.kind)) squares(group, message);
    else if (message.kind === "heat") group.addLayer(new Heat(message.rows, message.heat[state.look]));
    if (message.kind === "regions") regions(group, message);
    else SetiaRegions.clear();
    areas(group, message);
    lines(group, message);
    stores(group, message);
    points(group, message);
  }

  function redraw() {
    state.group.clearLayers();
    state.message.colours = state.message.ramps[state.look];
    legend(state.message);
    fill(state.group, state.message);
    drawNames(state.map);
  }

  function fit(bounds) {
    // What is shown lies beside or above the legend and beside the tools, where that costs at most half a step of zoom.
    const map = state.map, size = map.getSize(), narrow = size.x < 520;
    const box = state.legend && state.legend.getContainer();
    const wide = (box ? Math.min(box.offsetWidth, 240) : narrow ? 150 : 232) + 16, high = (box ? box.offsetHeight : narrow ? 120 : 168) + 28;
    const rooms = [];
    [[52, 12], [12, 12]].forEach((left) => [[12, high], [wide, 12]].forEach((right) => rooms.push([L.point(left), L.point(right)])));
    const zoom = (room) => {
      const taken = room[0].add(room[1]);
      return taken.x < size.x * 0.8 && taken.y < size.y * 0.8 ? map.getBoundsZoom(bounds, false, taken) : -1;
    };
    const plain = [L.point(12, 12), L.point(12, 12)];
    const best = rooms.reduce((found, room) => (zoom(room) > zoom(found) ? room : found));
    const [from, to] = zoom(best) >= zoom(plain) - 0.5 ? best : plain;
    map.fitBounds(bounds, { paddingTopLeft: from, paddingBottomRight: to, animate: false });
  }

  /* ---------- what Python calls ---------- */

  function start(map, options) {
    state.map = map;
    state.options = options;
    state.shapes = {};
    SetiaRegions.reset();
    [["land", 150], ["lines", 250], ["names", 450], ["squares", 400], ["regionnames", 640]].forEach(
      ([name, order]) => pane(map, name, order, name !== "squares"));
    pane(map, "circles", 600, false);
    pane(map, "pins", 620, false);
    pane(map, "counts", 630, true);
    wordDrawing(options.words);
    watchDrawing(map);
    applyLook();
    if (window.Streamlit) window.Streamlit.events.addEventListener("streamlit:render", () => setTimeout(applyLook, 0));
    const box = map.getContainer();  // Leaflet takes the focus on a click too; its frame is for the keyboard
    box.addEventListener("pointerdown", () => box.classList.add("setia-pointer"), true);
    ["keydown", "blur"].forEach((event) => box.addEventListener(event, () => box.classList.remove("setia-pointer")));
    L.control.scale({ imperial: false, maxWidth: 120 }).addTo(map);
    map.attributionControl.setPrefix(false);
    map.attributionControl.addAttribution(options.attribution);
    if (options.extent) fit(L.latLngBounds(options.extent));
    map.on("zoomend", spread);
    map.on("zoomend moveend", () => { drawNames(map); SetiaRegions.moved(); });
    new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(map.getContainer());
    fetch(new URL(options.base, HERE)).then((answer) => answer.json()).then((data) => drawBase(map, data));
  }

  function marks(message) {
    // streamlit-folium keeps every group it ever added; only the one on the map is needed.
    window.feature_group = [];
    restoreShapes(message);
    state.message = message;
    state.group = L.featureGroup();
    message.colours = message.ramps[state.look];
    legend(message);
    fill(state.group, message);
    drawNames(state.map);
    state.map.getContainer().dataset.drawn = message.rows.length + (message.areas || []).length + (message.points || []).length;
    state.map.getContainer().dataset.serial = message.serial;
    return state.group;
  }

  window.Setia = { start: start, marks: marks };
})();
