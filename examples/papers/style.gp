# The look of Kation's own pictures (plugin/kation/io/figure.hpp) for gnuplot scripts.
#
# A script sets W and H [pixels], loads this file and begins each panel with: eval panel(left, right, top, bottom), in pixels from the
# top left corner of the picture, as are the places of words.

ink = '#262626'; grey = '#737373'; pale = '#B8B8B8'; thread = '#D9D9D9'; hairline = '#E4E4E4'; shade = '#ECECEC'
blue = '#1D5B8F'; vermilion = '#D55E00'; green = '#2A9D7F'; cyan = '#A8DCE5'

set terminal pngcairo size W,H noenhanced font 'sans-serif,11' background rgb 'white'
set encoding utf8
set datafile separator ','

panel(l, r, t, b) = sprintf("reset; unset border; unset tics; unset key; unset colorbox; set datafile separator ','; ".\
    "set lmargin at screen %f; set rmargin at screen %f; set tmargin at screen %f; set bmargin at screen %f", \
    1.0 * l / W, 1.0 * r / W, 1 - 1.0 * t / H, 1 - 1.0 * b / H)
left_axis(title) = sprintf("set border %d lw 0.8 lc rgb '#737373'; ".\
    "set ytics nomirror out scale 0.6 font ',10' tc rgb '#262626'; set ylabel \"%s\" font ',11' tc rgb '#262626'", 3, title)
bottom_axis(title) = sprintf("set border %d lw 0.8 lc rgb '#737373'; ".\
    "set xtics nomirror out scale 0.6 font ',10' tc rgb '#262626'; set xlabel \"%s\" font ',11' tc rgb '#262626'", 1, title)
both_axes(x, y) = bottom_axis(x).'; '.left_axis(y)
written(x, y, text, how) = sprintf("set label \"%s\" at screen %f,%f %s front", text, 1.0 * x / W, 1 - 1.0 * y / H, how)
aside(x, y, text) = written(x, y, text, "tc rgb '#737373'")
strong(x, y, text) = written(x, y, text, "font 'sans-serif Bold,11' tc rgb '#262626'")
heading(x, y, text) = written(x, y, text, "font 'sans-serif Bold,15' tc rgb '#262626'")
