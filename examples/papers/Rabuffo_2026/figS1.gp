# gnuplot -c examples/papers/Rabuffo_2026/figS1.gp      after rabuffo_2026_spectra fig4e > spectra.csv, in the same folder
W = 1400; H = 960
load system("dirname ".ARG0)."/../style.gp"
set output 'figS1.png'
set multiplot
array key[4] = ['c_minus', 'R_minus', 'c_plus', 'R_plus']
array name[4] = ['c− (mV)', 'R− (1/(mV ms))', 'c+ (mV)', 'R+ (1/(mV ms))']
array normal[4] = [-44.24, 0.5, -20.4, -0.5]
array low[4] = [-58, 0.1, -30, -0.7]
array high[4] = [-36, 0.6, -16, -0.1]
do for [k = 1:4] {
    l = 80 + ((k - 1) / 2) * 640; t = 100 + ((k - 1) % 2) * 420
    eval panel(l, l + 540, t, t + 330)
    if (k == 1) { eval heading(80, 34, 'Spectra of V against the shape of the parabolas'); eval aside(80, 62, 'ion_exchange · preset fig4e · K_bath 15.5 mM · dotted: value of the preset') }
    eval both_axes(name[k], 'frequency (Hz)')
    set palette defined (0 '#F7FCF0', 1 '#D9F0D3', 2 '#A8DDB5', 3 '#5FC0C0', 4 '#2B8CBE', 5 '#225EA8', 6 '#172F72', 7 '#081336')
    set xrange [low[k]:high[k]] noextend; set yrange [-1:2.699] noextend
    set ytics ('0.1' -1, '1' 0, '10' 1, '100' 2)
    set cbrange [-30:40]
    if (k == 3) { set colorbox user origin screen 0.945, 0.55 size screen 0.012, 0.345; set cbtics 20 font ',10' tc rgb ink; set cblabel 'power (dB of 1 mV²/Hz)' font ',11' tc rgb ink }
    set arrow from normal[k], -1 to normal[k], 2.699 nohead dt 3 lw 1.6 lc rgb vermilion front
    plot '< grep ^'.key[k].', spectra.csv' using 2:(log10($3)):4 with image
}
unset multiplot
