# gnuplot -c examples/papers/di_Volo_2018/fig5.gp
# after kation run .../fig5.toml, kation scan .../fig5_plane.toml -o fig5_plane, di_volo_2018_curves transition > transition.csv and
# response -67 > response_67.csv, response -63 > response_63.csv, response -62 > response_62.csv, in the same folder
W = 1400; H = 640
load system("dirname ".ARG0)."/../style.gp"
set output 'fig5.png'
set multiplot
eval panel(80, 560, 110, 570)
eval heading(80, 34, 'Activity by itself')
eval aside(80, 62, 'adex · no drive, no adaptation · a kick of 1 Hz for 100 ms · right of the solid line an active state exists, right of the dashed one it is stable')
eval strong(80, 98, 'A')
eval written(560, 98, 'ν_e (Hz) for 5 s after the kick', "right tc rgb '#737373'")
eval both_axes('E_L of excitatory cells (mV)', 'E_L of inhibitory cells (mV)')
set xrange [-70.25:-60] noextend; set yrange [-70.25:-60] noextend; set xtics 2; set ytics 2
set palette defined (0 '#F4F4F2', 2 '#CFE6DE', 6 '#2A9D7F', 12 '#0E4A3C'); set cbrange [0:12]
set colorbox user origin 0.412, 0.1094 size 0.008, 0.7188 noborder; set cbtics 4 font ',10' tc rgb ink
plot 'fig5_plane/trials.csv' using 2:3:(0.25):(0.25):(1000 * $4) every ::1 with boxxyerror fs solid noborder fc palette, \
     'transition.csv' using 2:1 every ::1 with lines lw 2 lc rgb ink, \
     'transition.csv' using 5:1 every ::1 with lines lw 1.6 dt (6,4) lc rgb ink, \
     '+' using (-67):(-65) every ::0::0 with points pt 9 ps 1.8 lc rgb vermilion, \
     '+' using (-63):(-65) every ::0::0 with points pt 5 ps 1.6 lc rgb blue, \
     '+' using (-62):(-65) every ::0::0 with points pt 7 ps 1.6 lc rgb '#7B4B94'

eval panel(700, 960, 110, 570)
eval written(700, 98, 'after the kick', "tc rgb '#737373'")
eval both_axes('time (s)', 'ν_e (Hz)')
set xrange [0:2] noextend; set yrange [0:12] noextend; set xtics 0.5; set ytics 4
plot 'fig5_subsample_nu_e.csv' using ($1 / 1000):(1000 * $2) every ::1 with lines lw 1.8 lc rgb vermilion, \
     'fig5_subsample_nu_e.csv' using ($1 / 1000):(1000 * $4) every ::1 with lines lw 1.8 lc rgb '#7B4B94', \
     'fig5_subsample_nu_e.csv' using ($1 / 1000):(1000 * $3) every ::1 with lines lw 1.8 lc rgb blue

eval panel(1060, 1370, 110, 570)
eval strong(1060, 98, 'B')
eval written(1370, 98, 'the rate that ν_e brings about', "right tc rgb '#737373'")
eval both_axes('ν_e (Hz)', 'F (Hz)')
set xrange [0:8] noextend; set yrange [0:8] noextend; set xtics 2; set ytics 2
set label '−67 mV' at 5.6, 3.1 tc rgb vermilion
set label '−63 mV' at 6.4, 4.9 tc rgb blue
set label '−62 mV' at 4.6, 5.4 right tc rgb '#7B4B94'
plot x with lines lw 1.2 dt (6,4) lc rgb ink, \
     'response_67.csv' using 1:3 every ::1 with lines lw 2 lc rgb vermilion, \
     'response_63.csv' using 1:3 every ::1 with lines lw 2 lc rgb blue, \
     'response_62.csv' using 1:3 every ::1 with lines lw 2 lc rgb '#7B4B94', \
     '+' using (4.160):(4.160) every ::0::0 with points pt 6 ps 1.4 lw 1.6 lc rgb blue, \
     '+' using (5.181):(5.181) every ::0::0 with points pt 7 ps 1.4 lc rgb '#7B4B94'
unset multiplot
